using System.Runtime.InteropServices;
using System.Text;
using RingTrace.Packets;
using RingTrace.Packets.Layers;

namespace RingTrace.Tool.Net.Stats;

/// <summary>Packets by what they carry: a protocol over IP, else an EtherType, else only their link type is known.</summary>
internal sealed class ProtocolCounts
{
    /// <summary>Each number comes from at most 16 bits, so there are only so many.</summary>
    private readonly Dictionary<Protocol, RateBin> _counts = [];

    /// <summary>The largest first.</summary>
    public IEnumerable<ProtocolCount> All => _counts
        .Select(count => new ProtocolCount(NameOf(count.Key), count.Value.Packets, count.Value.WireBytes))
        .OrderByDescending(count => count.Packets).ThenBy(count => count.Name, StringComparer.Ordinal);

    public void Add(in Packet packet)
    {
        Dissection layers = Dissection.Of(packet);
        Protocol protocol = layers switch
        {
            { IPVersion: > 0 } => new(layers.IPVersion, layers.Protocol),
            { EtherType: >= EtherTypes.Least } => new(Protocol.OfEtherType, layers.EtherType),
            { EtherType: >= 0 } => new(Protocol.OfEtherType, 0),
            _ => new(Protocol.OfLink, (int)packet.LinkType),
        };
        Add(protocol, new RateBin(1, packet.WireLength));
    }

    public void Add(ProtocolCounts part)
    {
        foreach ((Protocol protocol, RateBin count) in part._counts)
        {
            Add(protocol, count);
        }
    }

    private void Add(Protocol protocol, RateBin more)
    {
        ref RateBin count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, protocol, out _);
        count.Packets += more.Packets;
        count.WireBytes += more.WireBytes;
    }

    private static string NameOf(Protocol protocol) => protocol.Kind switch
    {
        Protocol.OfLink => $"link type {protocol.Number}",
        Protocol.OfEtherType when protocol.Number == 0 => "802.3",
        Protocol.OfEtherType => NameOr(ProtocolNames.OfEtherType(protocol.Number), $"ethertype 0x{protocol.Number:x4}"),
        _ => $"IPv{protocol.Kind} " + NameOr(ProtocolNames.OverIP(protocol.Number), protocol.Number < 0 ? "cut" : $"protocol {protocol.Number}"),
    };

    private static string NameOr(ReadOnlySpan<byte> name, string other) => name.IsEmpty ? other : Encoding.UTF8.GetString(name);

    /// <param name="Kind">What the number is: of a protocol over IP, the version of IP.</param>
    /// <param name="Number">The number.</param>
    private readonly record struct Protocol(int Kind, int Number)
    {
        public const int OfLink = 0;
        public const int OfEtherType = 1;
    }
}

/// <param name="Name">What people call it.</param>
/// <param name="Packets">How many.</param>
/// <param name="WireBytes">How long they were on the wire.</param>
internal sealed record ProtocolCount(string Name, long Packets, long WireBytes);
