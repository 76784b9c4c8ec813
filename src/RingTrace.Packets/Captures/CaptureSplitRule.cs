namespace RingTrace.Packets.Captures;

/// <summary>When a part of a capture is full: as soon as one of these is reached.</summary>
public sealed record CaptureSplitRule
{
    /// <summary>At most so many packets, at least 1.</summary>
    public long MostPackets { get; init; } = long.MaxValue;

    /// <summary>At most so many bytes, before they are packed; a packet that is longer has a part of its own.</summary>
    public long MostBytes { get; init; } = long.MaxValue;

    /// <summary>So many nanoseconds, counted from the first packet of all. Parts without packets are not made.</summary>
    public long IntervalNs { get; init; } = long.MaxValue;
}
