using RingTrace.Packets;
using RingTrace.Pipeline;

namespace RingTrace.Tool.Net.Stats;

/// <summary>What packets are: their number, lengths and protocols. Their order makes no difference, so parts can be added. For one thread.</summary>
internal sealed class PacketContents
{
    public PacketTotals Totals { get; } = new();

    /// <summary>Packets that were not captured whole.</summary>
    public long Snapped { get; private set; }

    public ProtocolCounts Protocols { get; } = new();

    public SizeClasses Sizes { get; } = new();

    public void Add(in Packet packet)
    {
        Totals.Add(in packet);
        if (packet.Kind == PacketKind.Packet)
        {
            Snapped += packet.CapturedLength < packet.WireLength ? 1 : 0;
            Sizes.Add(packet.WireLength);
            Protocols.Add(packet);
        }
    }

    public void Add(PacketContents part)
    {
        Totals.Add(part.Totals);
        Snapped += part.Snapped;
        Sizes.Add(part.Sizes);
        Protocols.Add(part.Protocols);
    }
}

/// <summary>When a packet came.</summary>
/// <param name="TimeNs">Nanoseconds since 1970; 0 when it has no time.</param>
/// <param name="WireLength">How long it was.</param>
internal readonly record struct PacketTime(long TimeNs, uint WireLength);

/// <summary>One thread's share of the statistics; what has an order, it publishes.</summary>
internal sealed class StatsProcessor(PacketContents contents) : PacketProcessor<PacketTime>
{
    public override void OnPacket(in Packet packet)
    {
        contents.Add(in packet);
        Context.Publish(new PacketTime(packet.TimeNs, packet.WireLength));
    }

    public override void OnMeta(in Packet packet) => contents.Add(in packet);
}
