namespace RingTrace.Attach;

/// <summary>What was saved of a dead recorder.</summary>
/// <param name="Rings">One per channel and CPU.</param>
/// <param name="Problems">What was damaged besides, one line each.</param>
public sealed record RecoveryReport(IReadOnlyList<RecoveredRing> Rings, IReadOnlyList<string> Problems)
{
    /// <summary>Records saved.</summary>
    public long Events => Rings.Sum(ring => ring.Events);

    /// <summary>Packets saved.</summary>
    public long Packets => Rings.Sum(ring => ring.Packets);

    /// <summary>Bytes that were reserved and could not be saved.</summary>
    public long LeftOutBytes => Rings.Sum(ring => ring.LeftOutBytes);
}

/// <summary>One ring's part.</summary>
/// <param name="Channel">The channel's name.</param>
/// <param name="Cpu">The CPU's number.</param>
/// <param name="Events">Records saved.</param>
/// <param name="Packets">Packets saved.</param>
/// <param name="OpenBytes">Bytes of the packet that was open when the process died; saved, if not left out.</param>
/// <param name="LeftOutBytes">Bytes that were reserved and could not be saved.</param>
/// <param name="LeftOutWhy">Why not, in a few words; null when all was saved.</param>
public sealed record RecoveredRing(
    string Channel, int Cpu, long Events, long Packets, long OpenBytes, long LeftOutBytes, string? LeftOutWhy);
