namespace RingTrace;

/// <summary>What a snapshot holds.</summary>
/// <param name="Path">The trace's directory.</param>
/// <param name="Reason">Why it was taken.</param>
/// <param name="Taken">When.</param>
/// <param name="Streams">One per channel and CPU that had a ring.</param>
/// <param name="Lost">Records lost by cause since the recorder's start, over all CPUs; without zeros.</param>
public sealed record SnapshotResult(
    string Path,
    string Reason,
    DateTimeOffset Taken,
    IReadOnlyList<SnapshotStream> Streams,
    IReadOnlyDictionary<string, ulong> Lost)
{
    /// <summary>Bytes of packets.</summary>
    public long Bytes => Streams.Sum(stream => stream.Bytes);

    /// <summary>
    /// How far back all rings reach: the shortest history of those that have overwritten anything. When none has,
    /// nothing is missing, and it is the time since the first record. Null when nothing is held.
    /// </summary>
    public TimeSpan? History
    {
        get
        {
            List<SnapshotStream> held = [.. Streams.Where(stream => stream.First is not null)];
            List<SnapshotStream> full = held.FindAll(stream => stream.OverwrittenPackets > 0);
            return full.Count > 0 ? full.Min(HistoryOf) : held.Max(HistoryOf);
        }
    }

    private TimeSpan? HistoryOf(SnapshotStream stream) => Taken - stream.First;
}

/// <summary>One ring's part of a snapshot.</summary>
/// <param name="Channel">The channel's name.</param>
/// <param name="Cpu">The CPU's number.</param>
/// <param name="Packets">Packets written.</param>
/// <param name="Bytes">Bytes written.</param>
/// <param name="First">When the first packet begins; null when there is none.</param>
/// <param name="Last">When the last packet ends; null when there is none.</param>
/// <param name="OverwrittenPackets">Packets that made room before this snapshot's first one.</param>
/// <param name="MissedPackets">Packets that the writers overwrote while it was written, or that are damaged.</param>
/// <param name="LeftOutBytes">Bytes of packets that a writer had reserved in and not committed to.</param>
/// <param name="Lost">Records lost by cause since the recorder's start; without zeros.</param>
public sealed record SnapshotStream(
    string Channel,
    int Cpu,
    long Packets,
    long Bytes,
    DateTimeOffset? First,
    DateTimeOffset? Last,
    ulong OverwrittenPackets,
    ulong MissedPackets,
    long LeftOutBytes,
    IReadOnlyDictionary<string, ulong> Lost);
