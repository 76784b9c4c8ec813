namespace RingTrace.Pipeline;

/// <summary>
/// A place in the stream of packets that every thread passes: each processing thread between the same two packets, the reporter
/// when all results of what came before are in.
/// </summary>
/// <param name="Kind">By what it came.</param>
/// <param name="Number">From 1, of its kind.</param>
/// <param name="TimeNs">Nanoseconds since 1970: the end of the interval, or the time of the last packet before it.</param>
public readonly record struct Tick(TickKind Kind, long Number, long TimeNs);

/// <summary>By what a tick comes.</summary>
public enum TickKind : byte
{
    /// <summary>By the packets' time: one at the end of each interval, also of those without packets.</summary>
    Interval,

    /// <summary>By the number of packets.</summary>
    Count,
}
