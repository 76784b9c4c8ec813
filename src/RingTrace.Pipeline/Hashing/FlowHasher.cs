using RingTrace.Packets;
using RingTrace.Packets.Layers;
using RingTrace.Packets.Layers.Views;

namespace RingTrace.Pipeline.Hashing;

/// <summary>
/// A keyed hash of the 5-tuple: multiplications of 64 by 64 bits, folded (the idea of wyhash's mixing). Of the symmetric
/// one the two ends are put in order first, so both directions have all of the key's strength, which a Toeplitz hash with a
/// repeated key has not (Woo and Park 2012). Fragments go with their datagram: see <see cref="FragmentTable"/>.
/// </summary>
internal sealed class FlowHasher(bool isSymmetric, FlowHashOptions options) : Hasher
{
    /// <summary>As many tunnels as a walk looks into, what is in the last one, and what an error of ICMP is about.</summary>
    private const int MostLevels = TunnelWalk.MostTunnels + 2;

    /// <summary>So many hashes take as long as a line from another CPU's cache.</summary>
    private const int PrefetchDistance = 8;

    private readonly ulong _key0 = Spread(options.Key);
    private readonly ulong _key1 = Spread(options.Key + 1);
    private readonly ulong _key2 = Spread(options.Key + 2);
    private readonly ulong _key3 = Spread(options.Key + 3);

    internal override FragmentTable Fragments { get; } = new();

    internal override bool IsSpread => true;

    public override uint Hash(in Packet packet) => Hash(in packet, new HashPlace([], 0));

    internal override void Hash(PacketBatch packets, uint[] hashes, ref int at)
    {
        int ahead = packets.IsSparse ? PrefetchDistance : packets.Count;
        for (; at < packets.Count; at++)
        {
            packets.Prefetch(at + ahead);
            Packet packet = packets[at];
            hashes[at] = packet.Kind == PacketKind.Packet ? Hash(in packet, new HashPlace(hashes, at)) : HashOfOther(in packet);
        }
    }

    internal override uint Hash(in Packet packet, HashPlace place)
    {
        ReadOnlySpan<byte> plain = packet.LinkType == LinkType.Ethernet ? packet.OnWire() : default;
        switch (PlainFlow.VersionOf(plain))
        {
            // What nearly all packets are: no fragments, no tunnels.
            case 4 when !options.Innermost:
                plain = plain[..PlainFlow.Bytes4];
                return Hash(
                    End(plain.UInt32At(PlainFlow.Source4), plain.UInt16At(PlainFlow.Ports4)),
                    End(plain.UInt32At(PlainFlow.Destination4), plain.UInt16At(PlainFlow.Ports4 + 2)),
                    plain[PlainFlow.Protocol4]);
            case 6 when !options.Innermost:
                plain = plain[..PlainFlow.Bytes6];
                return Hash(
                    End(plain.UInt64At(PlainFlow.Source6), plain.UInt64At(PlainFlow.Source6 + 8), plain.UInt16At(PlainFlow.Ports6)),
                    End(plain.UInt64At(PlainFlow.Destination6), plain.UInt64At(PlainFlow.Destination6 + 8), plain.UInt16At(PlainFlow.Ports6 + 2)),
                    plain[PlainFlow.Protocol6]);
        }

        Dissection.Walk(in packet, out Dissection layers);
        return Hash(packet.OnWire(), ref layers, packet.TimeNs, place);
    }

    /// <summary>From the outermost packet inwards, to a later fragment or to what the options say is the flow.</summary>
    private uint Hash(ReadOnlySpan<byte> data, ref Dissection layers, long timeNs, HashPlace place)
    {
        Span<ulong> carriers = stackalloc ulong[MostLevels];
        int count = 0;
        uint hash = 0;
        for (int level = 0; level < MostLevels && FlowKey.TryGet(data, in layers, out FlowKey flow); level++)
        {
            hash = Hash(in flow);
            if (layers.FragmentOffset > 0)
            {
                if (!Fragments.TryFollow(Datagram(data, in layers, in flow), timeNs, carriers[..count], place, ref hash))
                {
                    return hash;
                }

                break;
            }

            if (layers.MoreFragments)
            {
                carriers[count++] = Datagram(data, in layers, in flow);
            }

            if (!TryDescend(ref data, ref layers))
            {
                break;
            }
        }

        foreach (ulong carrier in carriers[..count])
        {
            Fragments.Learn(carrier, timeNs, hash);
        }

        return hash;
    }

    /// <summary>Into a tunnel, or to the packet that an error of ICMP is about, when that is wanted.</summary>
    private bool TryDescend(ref ReadOnlySpan<byte> data, ref Dissection layers)
    {
        if (options.Innermost && layers.TryEnterTunnel(data, out Dissection inner))
        {
            layers = inner;
            return true;
        }

        if (!options.IcmpErrors || layers.TransportOffset < 0 || layers.Protocol is not (IPProtocols.Icmp or IPProtocols.IcmpV6))
        {
            return false;
        }

        ReadOnlySpan<byte> message = data[layers.TransportOffset..layers.End];
        bool isThere = layers.Protocol == IPProtocols.Icmp ? IcmpView.TryRead(message, out IcmpView icmp) : IcmpView.TryRead6(message, out icmp);
        if (!isThere || !icmp.TryReadInner(out inner))
        {
            return false;
        }

        data = icmp.Payload;
        layers = inner;
        return true;
    }

    public uint Hash(in FlowKey flow) =>
        Hash(End(flow.Source, flow.SourcePort), End(flow.Destination, flow.DestinationPort), (byte)flow.Protocol);

    private uint Hash(ulong one, ulong other, byte protocol)
    {
        // Exchanged without a branch: which of two ends is the greater nobody can predict.
        ulong exchanged = (one ^ other) & (isSymmetric && other < one ? ulong.MaxValue : 0);
        ulong hash = Fold(one ^ exchanged ^ _key0, other ^ exchanged ^ _key1 ^ ((ulong)protocol << 48));
        return (uint)(Fold(hash, _key2) >> 32);
    }

    private ulong End(in PacketAddress address, int port) =>
        address.Version == 4 ? End((uint)address.Lower, port) : End(address.Upper, address.Lower, port);

    /// <summary>An address and a port as one word: as they are, where that is 48 bits.</summary>
    private static ulong End(uint address, int port) => ((ulong)address << 16) | (uint)port;

    private ulong End(ulong upper, ulong lower, int port) => Fold(upper ^ _key2, lower ^ _key3) + (uint)port;

    /// <summary>
    /// What the fragments of one datagram have in common, and no others at about the same time. Those of IPv6 may each name
    /// another protocol (RFC 8200, 4.5), those of IPv4 may not.
    /// </summary>
    private ulong Datagram(ReadOnlySpan<byte> data, in Dissection layers, in FlowKey flow)
    {
        ReadOnlySpan<byte> ip = data[layers.NetworkOffset..];
        ulong number = layers.IPVersion == 4 ? ip.UInt32At(4) >> 16 | (ulong)flow.Protocol << 32 : IPv6Identification(ip);
        ulong hash = Fold(flow.Source.Upper ^ _key3, flow.Source.Lower ^ _key2);
        hash = Fold(flow.Destination.Upper ^ hash, flow.Destination.Lower ^ _key1);
        return Fold(hash ^ number, _key0) | 1;
    }

    private static uint IPv6Identification(ReadOnlySpan<byte> ip)
    {
        IPv6View.TryRead(ip, out IPv6View view);
        foreach (PacketOption header in view.Extensions)
        {
            if (header.Kind == IPProtocols.Fragment)
            {
                return header.Data.UInt32At(4);
            }
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
