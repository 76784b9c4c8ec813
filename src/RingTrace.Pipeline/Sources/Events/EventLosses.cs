namespace RingTrace.Pipeline.Sources.Events;

/// <summary>What a feed did not get, and what it had to copy.</summary>
/// <param name="Lost">Records that the writers lost since the feed began, by cause; without zeros.</param>
/// <param name="OverwrittenPackets">Packets that were overwritten before they were read, or are missing.</param>
/// <param name="LeftOutBytes">Bytes of packets that a writer had not committed to at the end, or that are damaged.</param>
/// <param name="Copied">Packets that were copied out of rings, whose writers need the memory.</param>
internal sealed record EventLosses(IReadOnlyDictionary<string, ulong> Lost, long OverwrittenPackets, long LeftOutBytes, long Copied)
{
    public static readonly EventLosses None = new(new Dictionary<string, ulong>(), 0, 0, 0);

    /// <summary>Whatever the cause.</summary>
    public long AllLost => Lost.Values.Aggregate(0L, (sum, lost) => sum + (long)lost);

    /// <summary>Of several feeds.</summary>
    public static EventLosses Sum(IReadOnlyList<EventLosses> all) => new(
        LossNames.Sum(all.Select(one => one.Lost)), all.Sum(one => one.OverwrittenPackets), all.Sum(one => one.LeftOutBytes),
        all.Sum(one => one.Copied));
}
