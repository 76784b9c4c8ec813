namespace RingTrace.Pipeline.Statistics;

/// <summary>
/// How many packets went where; records about the capture count, too. No figure is ever negative, also while the pipeline runs,
/// and each packet is in one place:
/// <c>Received = Captured + Dropped</c>, <c>Captured = Filtered + Discarded + Accepted</c>, <c>Accepted = Processed + Waiting</c>,
/// and <c>Processed</c> is the sum of <c>Threads</c>. All but <c>Waiting</c> only grow, until what waits is given up.
/// </summary>
public sealed record PipelineStatistics
{
    internal PipelineStatistics()
    {
    }

    /// <summary>Left out by the filter.</summary>
    public required long Filtered { get; init; }

    /// <summary>Read, but given up when the pipeline was stopped or failed.</summary>
    public required long Discarded { get; init; }

    /// <summary>Let in and not worked on yet.</summary>
    public required long Waiting { get; init; }

    /// <summary>Worked on by each thread.</summary>
    public required IReadOnlyList<long> Threads { get; init; }

    /// <summary>Lost before the source could read them, as it says: by the kernel or the card, for want of buffers.</summary>
    public required long Dropped { get; init; }

    /// <summary>
    /// Of the dropped, what writers of rings lost, by cause: <c>full</c>, <c>wrap</c>, <c>too_big</c>...; of a trace <c>discarded</c>, for it
    /// does not say why. Without zeros.
    /// </summary>
    public required IReadOnlyDictionary<string, ulong> LostBy { get; init; }

    /// <summary>Lost before whoever captured them had them, as the source says; not among the received.</summary>
    public required long Missing { get; init; }

    /// <summary>
    /// Packets of rings, each with many events, that were overwritten before they were read, or are not there: nobody knows how
    /// many events, so they are not among the received.
    /// </summary>
    public required long Overwritten { get; init; }

    /// <summary>
    /// Bytes of rings' packets that a writer had not committed to when it ended, or that are damaged; not among the received, either.
    /// </summary>
    public required long LeftOutBytes { get; init; }

    /// <summary>Of the captured: marked as damaged on the wire.</summary>
    public required long Errors { get; init; }

    /// <summary>
    /// Of the accepted: earlier than an interval's tick that they came behind; of rings that are read in parallel, earlier than the time up to
    /// which all had been taken as complete.
    /// </summary>
    public required long Late { get; init; }

    /// <summary>
    /// Packets of rings, each with many events, or parts of them, that were copied because their writer needs the memory: of a running or a dead
    /// recorder, all. Packets of captures are read where they lie.
    /// </summary>
    public required long Copied { get; init; }

    /// <summary>Of the accepted: fragments whose first part was not met in time; they went by their addresses.</summary>
    public required long Orphans { get; init; }

    /// <summary>Worked on.</summary>
    public long Processed => Threads.Sum();

    /// <summary>Let in.</summary>
    public long Accepted => Processed + Waiting;

    /// <summary>Read by the source.</summary>
    public long Captured => Filtered + Discarded + Accepted;

    /// <summary>All that came as far as the card or the file, as far as the source knows.</summary>
    public long Received => Captured + Dropped;
}
