namespace RingTrace.Pipeline.Statistics;

/// <summary>
/// How many packets went where. Every figure only grows, none is ever negative, and each packet is in one place:
/// <c>Received = Filtered + Discarded + Accepted</c> and <c>Accepted = Processed + Waiting</c>.
/// </summary>
/// <param name="Filtered">Left out by the filter.</param>
/// <param name="Discarded">Read, but given up when the pipeline was stopped or failed.</param>
/// <param name="Processed">Worked on.</param>
/// <param name="Waiting">Let in and not worked on yet.</param>
/// <param name="Dropped">Lost before the source could read them, as it says.</param>
/// <param name="Orphans">Fragments whose first part was not met in time; they went by their addresses.</param>
/// <param name="Threads">Worked on by each thread.</param>
public sealed record PipelineStatistics(
    long Filtered, long Discarded, long Processed, long Waiting, long Dropped, long Orphans, IReadOnlyList<long> Threads)
{
    /// <summary>Read by the source.</summary>
    public long Received => Filtered + Discarded + Accepted;

    /// <summary>Let in.</summary>
    public long Accepted => Processed + Waiting;
}
