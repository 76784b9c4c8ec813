using RingTrace.Packets;

namespace RingTrace.Tool.Net.Stats;

/// <summary>Gathers what captures hold; bounded memory, whatever they hold.</summary>
internal sealed class CaptureStats(RateSeries rate)
{
    private long _latest = long.MinValue;

    public long Packets { get; private set; }

    public long MetaRecords { get; private set; }

    public long CapturedBytes { get; private set; }

    public long WireBytes { get; private set; }

    /// <summary>Packets that were not captured whole.</summary>
    public long Snapped { get; private set; }

    /// <summary>Packets with an earlier time than one before them in the same file.</summary>
    public long OutOfOrder { get; private set; }

    /// <summary>Packets without a time.</summary>
    public long Timeless { get; private set; }

    /// <summary>Null without packets that have a time.</summary>
    public long? First { get; private set; }

    public long? Last { get; private set; }

    public ProtocolCounts Protocols { get; } = new();

    public SizeClasses Sizes { get; } = new();

    public RateSeries Rate => rate;

    /// <summary>Reads a capture.</summary>
    /// <returns>What ended it too early; null when nothing did.</returns>
    public string? Add(NetInput input)
    {
        _latest = long.MinValue;
        return input.VisitAll(Add);
    }

    private void Add(in Packet packet)
    {
        if (packet.Kind == PacketKind.Meta)
        {
            MetaRecords++;
            return;
        }

        Packets++;
        CapturedBytes += packet.CapturedLength;
        WireBytes += packet.WireLength;
        Snapped += packet.CapturedLength < packet.WireLength ? 1 : 0;
        Sizes.Add(packet.WireLength);
        Protocols.Add(packet);
        AddTime(packet.TimeNs, packet.WireLength);
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
