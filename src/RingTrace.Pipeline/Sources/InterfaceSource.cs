using RingTrace.Packets;
using RingTrace.Packets.Interfaces;

namespace RingTrace.Pipeline.Sources;

/// <summary>
/// A network interface. The kernel holds packets while nobody reads, and counts those it has no room for; the packets' times are of
/// the system's clock, so that tells how far an idle one is.
/// </summary>
internal sealed class InterfaceSource(InterfaceReader reader) : PacketSource
{
    private const long MillisecondNs = 1_000_000;

    /// <summary>So long after its time a packet is there to be read. With the wait for it less than <see cref="PacketSource.LiveWaitMs"/>.</summary>
    private const long GraceNs = 25 * MillisecondNs;

    private long _watermark = long.MinValue;

    public override string Name => reader.Name;

    public override bool IsFile => false;

    public override long WatermarkNs => _watermark;

    public override long Dropped => reader.Lost;

    public override bool TryReadBatch(PacketBatch batch)
    {
        batch.Clear();
        if (!reader.TryAdd(batch, wait: true))
        {
            _watermark = Math.Max(_watermark, ((DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick) - GraceNs);
        }

        return batch.Count > 0 || !reader.IsInterrupted;
    }

    public override bool TryReadMore(PacketBatch batch) => !batch.IsFull && reader.TryAdd(batch, wait: false);

    public override void Interrupt() => reader.Interrupt();

    public override void Dispose() => reader.Dispose();
}
