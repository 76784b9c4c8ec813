namespace RingTrace.Formats.Spans;

/// <summary>
/// What must be known of a trace's spans before they can be written one event at a time: which kinds nest on their
/// threads, and which began before the first event. Costs a pass over the trace.
/// </summary>
internal sealed class SpanSurvey
{
    /// <summary>More spans that began before the first event are counted and left out.</summary>
    public const int MostCutAtBegin = 4096;

    private SpanSurvey(SpanTracker tracker, IReadOnlyList<TracedSpan> cutAtBegin, long first)
    {
        Tracker = tracker;
        CutAtBegin = cutAtBegin;
        First = first;
    }

    /// <summary>Knows which kinds of spans nest.</summary>
    public SpanTracker Tracker { get; }

    /// <summary>The first spans that began before the first event, in the order of their ends.</summary>
    public IReadOnlyList<TracedSpan> CutAtBegin { get; }

    /// <summary>The time of the first event; the end of time when there is none.</summary>
    public long First { get; }

    public static SpanSurvey Read(TraceReader reader, TraceQuery? query, IProgress<long>? bytesRead, CancellationToken cancel)
    {
        SpanTracker tracker = new();
        List<TracedSpan> cutAtBegin = [];
        long first = long.MaxValue;
        foreach (EventView item in reader.Events(query).Watched(bytesRead, cancel))
        {
            first = Math.Min(first, item.Timestamp);
            if (tracker.Add(item) is { Cut: SpanCut.Begin } span && span.Begin < span.End && cutAtBegin.Count < MostCutAtBegin)
            {
                cutAtBegin.Add(span);
            }
        }

        return new SpanSurvey(tracker, cutAtBegin, first);
    }
}
