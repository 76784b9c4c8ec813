using RingTrace.Packets;
using RingTrace.Pipeline;

namespace RingTrace.Tool.Net.Stats;

/// <summary>Gathers what captures hold; bounded memory, whatever they hold.</summary>
internal sealed class CaptureStats(RateSeries rate)
{
    private long _latest = long.MinValue;

    /// <summary>What the packets are, without their times.</summary>
    public PacketContents Contents { get; } = new();

    /// <summary>Packets with an earlier time than one before them in the same file.</summary>
    public long OutOfOrder { get; private set; }

    /// <summary>Packets without a time.</summary>
    public long Timeless { get; private set; }

    /// <summary>Null without packets that have a time.</summary>
    public long? First { get; private set; }

    public long? Last { get; private set; }

    public RateSeries Rate => rate;

    /// <summary>Reads a capture.</summary>
    /// <param name="input">The capture.</param>
    /// <param name="threads">How many work on it.</param>
    /// <returns>What ended it too early; null when nothing did.</returns>
    public string? Add(NetInput input, int threads)
    {
        _latest = long.MinValue;
        if (threads == 1)
        {
            return input.VisitAll(Add);
        }

        // What takes long, the threads do; times have an order, and are put together.
        List<PacketContents> parts = [];
        string? end = input.WorkOn(threads, NewProcessor, (in Result<PacketTime> result) => AddTime(result.Value.TimeNs, result.Value.WireLength));
        parts.ForEach(Contents.Add);
        return end;

        StatsProcessor NewProcessor()
        {
            parts.Add(new PacketContents());
            return new StatsProcessor(parts[^1]);
        }
    }

    private void Add(in Packet packet)
    {
        Contents.Add(in packet);
        if (packet.Kind == PacketKind.Packet)
        {
            AddTime(packet.TimeNs, packet.WireLength);
        }
    }

    private void AddTime(long time, uint wireLength)
    {
        if (time == 0)
        {
            Timeless++;
            return;
        }

        OutOfOrder += time < _latest ? 1 : 0;
        _latest = Math.Max(_latest, time);
        First = Math.Min(time, First ?? time);
        Last = Math.Max(time, Last ?? time);
        rate.Add(time, wireLength);
    }
}
