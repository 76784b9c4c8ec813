using System.Buffers.Binary;
using RingTrace.Packets;
using RingTrace.Packets.Layers;

namespace RingTrace.Pipeline.Hashing;

/// <summary>
/// A keyed hash of the 5-tuple: two or three multiplications of 64 by 64 bits, folded (the idea of wyhash's mixing). Of the symmetric
/// one the two ends are put in order first, so both directions have all of the key's strength, which a Toeplitz hash with a
/// repeated key has not (Woo and Park 2012). Fragments go with their datagram: see <see cref="FragmentTable"/>.
/// </summary>
internal sealed class FlowHasher(bool isSymmetric, FlowHashOptions options) : Hasher
{
    private readonly ulong _key0 = Spread(options.Key);
    private readonly ulong _key1 = Spread(options.Key + 1);
    private readonly ulong _key2 = Spread(options.Key + 2);
    private readonly ulong _key3 = Spread(options.Key + 3);

    internal override FragmentTable Fragments { get; } = new();

    internal override bool IsSpread => true;

    public override uint Hash(in Packet packet) => Hash(in packet, [], 0);

    internal override void Hash(PacketBatch packets, uint[] hashes)
    {
        for (int i = 0; i < packets.Count; i++)
        {
            Packet packet = packets[i];
            hashes[i] = packet.Kind == PacketKind.Packet ? Hash(in packet, hashes, i) : HashOfOther(in packet);
        }
    }

    /// <summary>A packet's hash, and where it will stand: that of a fragment may be mended there.</summary>
    private uint Hash(in Packet packet, uint[] hashes, int index)
    {
        // What nearly all packets are: no fragments, no tunnels.
        if (!options.Innermost && packet.LinkType == LinkType.Ethernet && FlowKey.TryGetPlain(packet.OnWire(), out FlowKey flow))
        {
            return Hash(in flow);
        }

        ReadOnlySpan<byte> data = packet.Data;
        Dissection.Walk(in packet, out Dissection layers);
        if (options.Innermost ? !FlowKey.TryGetInnermost(in packet, out flow) : !FlowKey.TryGet(data, in layers, out flow))
        {
            return 0;
        }

        uint hash = Hash(in flow);
        return layers.FragmentOffset < 0 ? hash
            : Fragments.Settle(Datagram(data, in layers, in flow), isFirst: layers.FragmentOffset == 0, hash, hashes, index);
    }

    public uint Hash(in FlowKey flow)
    {
        if (flow.Source.Version == 4)
        {
            // An end is 48 bits, so both and the protocol are two words.
            ulong one = (flow.Source.Lower << 16) | (uint)flow.SourcePort;
            ulong other = (flow.Destination.Lower << 16) | (uint)flow.DestinationPort;
            (one, other) = isSymmetric && other < one ? (other, one) : (one, other);
            return (uint)(Fold(Fold(one ^ _key0, other ^ ((ulong)flow.Protocol << 48) ^ _key1), _key2) >> 32);
        }

        (PacketAddress a, PacketAddress b) = (flow.Source, flow.Destination);
        (int portA, int portB) = (flow.SourcePort, flow.DestinationPort);
        if (isSymmetric && (b.Upper, b.Lower, portB).CompareTo((a.Upper, a.Lower, portA)) < 0)
        {
            (a, b, portA, portB) = (b, a, portB, portA);
        }

        ulong hash = Fold(a.Upper ^ _key0, a.Lower ^ _key1);
        hash = Fold(b.Upper ^ hash, b.Lower ^ _key2);
        hash = Fold(hash ^ ((ulong)portA << 32) ^ ((ulong)portB << 16) ^ (ulong)flow.Protocol, _key3);
        return (uint)(hash >> 32);
    }

    /// <summary>What the fragments of one datagram have in common, and no others at about the same time.</summary>
    private ulong Datagram(ReadOnlySpan<byte> data, in Dissection layers, in FlowKey flow)
    {
        ReadOnlySpan<byte> ip = data[layers.NetworkOffset..];
        uint identification = layers.IPVersion == 4 ? BinaryPrimitives.ReadUInt16BigEndian(ip[4..]) : IPv6Identification(ip);
        ulong hash = Fold(flow.Source.Upper ^ _key3, flow.Source.Lower ^ _key2);
        hash = Fold(flow.Destination.Upper ^ hash, flow.Destination.Lower ^ _key1);
        return Fold(hash ^ identification ^ ((ulong)flow.Protocol << 32), _key0);
    }

    private static uint IPv6Identification(ReadOnlySpan<byte> ip)
    {
        int protocol = ip[6];
        for (int at = 40; at + 8 <= ip.Length; at += (ip[at + 1] + 1) * 8)
        {
            if (protocol == IPProtocols.Fragment)
            {
                return BinaryPrimitives.ReadUInt32BigEndian(ip[(at + 4)..]);
            }

            protocol = ip[at];
        }

        return 0;
    }

    private static ulong Fold(ulong a, ulong b)
    {
        ulong upper = Math.BigMul(a, b, out ulong lower);
        return upper ^ lower;
    }

    /// <summary>Any number into one that has as many bits set as not (splitmix64).</summary>
    private static ulong Spread(ulong value)
    {
        value += 0x9E37_79B9_7F4A_7C15;
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
