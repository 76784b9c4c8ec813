namespace RingTrace.Attach;

/// <summary>What a feed did not get.</summary>
/// <param name="Rings">One per channel and CPU that has a ring, or lost records for want of one.</param>
public sealed record FeedLosses(IReadOnlyList<FeedRingLosses> Rings)
{
    /// <summary>Packets that were overwritten before they were read.</summary>
    public ulong OverwrittenPackets => Rings.Aggregate(0ul, (sum, ring) => sum + ring.OverwrittenPackets);

    /// <summary>Records that the writers lost since the feed began, by cause; without zeros.</summary>
    public IReadOnlyDictionary<string, ulong> Lost => LossNames.Sum(Rings.Select(ring => ring.Lost));
}

/// <summary>What a feed did not get of one ring.</summary>
/// <param name="Channel">The channel's name.</param>
/// <param name="Cpu">The CPU's number.</param>
/// <param name="OverwrittenPackets">Packets that were overwritten before they were read.</param>
/// <param name="LeftOutBytes">Bytes of packets that a writer had not committed to at the end, or that are damaged.</param>
/// <param name="Lost">Records that the writers lost since the feed began, by cause; without zeros.</param>
public sealed record FeedRingLosses(
    string Channel, int Cpu, ulong OverwrittenPackets, long LeftOutBytes, IReadOnlyDictionary<string, ulong> Lost);
