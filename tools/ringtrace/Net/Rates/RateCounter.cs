using RingTrace.Formats;
using RingTrace.Packets;
using RingTrace.Pipeline;

namespace RingTrace.Tool.Net.Rates;

/// <summary>What came in one interval.</summary>
/// <param name="Packets">Those that the filter takes.</param>
/// <param name="WireBytes">How long they were.</param>
/// <param name="Filtered">Those that it does not take.</param>
internal readonly record struct RateCount(long Packets, long WireBytes, long Filtered)
{
    public static RateCount operator +(RateCount left, RateCount right) =>
        new(left.Packets + right.Packets, left.WireBytes + right.WireBytes, left.Filtered + right.Filtered);
}

/// <summary>Counts one thread's packets, and publishes what came at each tick.</summary>
internal sealed class RateCounter(ExpressionFilter? filter) : PacketProcessor<RateCount>
{
    private RateCount _count;

    public override void OnPacket(in Packet packet) =>
        _count += filter is null || filter.Takes(packet) ? new RateCount(1, packet.WireLength, 0) : new RateCount(0, 0, 1);

    /// <summary>An event counts as a packet; where there are any, there is no filter.</summary>
    public override void OnEvent(in EventView item) => _count += new RateCount(1, item.Size, 0);

    public override void OnTick(Tick tick) => Publish();

    public override void OnStopping() => Publish();

    private void Publish()
    {
        Context.Publish(_count);
        _count = default;
    }
}
