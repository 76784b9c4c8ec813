using System.Runtime.InteropServices;
using RingTrace.Formats;
using RingTrace.Formats.Spans;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;
using RingTrace.Tool.Timeline;

namespace RingTrace.Tool.Slow;

/// <summary>The spans of one name. Those that are cut have no duration that could be counted with the others.</summary>
internal sealed class NamedSpans
{
    public DurationHistogram Durations { get; } = new();

    public long CutAtBegin { get; set; }

    public long CutAtEnd { get; set; }
}

/// <summary>
/// How long a trace's spans took: percentiles by name, and the longest with what happened inside. Two passes over the
/// trace; memory does not grow with it.
/// </summary>
internal sealed class SlowSpans
{
    private const int Passes = 2;

    private readonly TraceReader _reader;
    private readonly EventFilter _filter;
    private readonly int _top;
    private readonly int _kept;
    private readonly SortedDictionary<string, NamedSpans> _names = new(StringComparer.Ordinal);
    private readonly PriorityQueue<TracedSpan, Rank> _longest = new();
    private readonly SpanTracker _tracker = new();

    private SlowSpans(TraceReader reader, EventFilter filter, int top, int kept)
    {
        (_reader, _filter, _top, _kept) = (reader, filter, top, kept);
        CompleteFrom = reader.Traces.ToDictionary(
            trace => trace,
            trace => trace.Streams.Append(null).Max(stream => stream?.FirstTimestamp ?? filter.Query.From ?? long.MinValue));
    }

    public TraceReader Reader => _reader;

    /// <summary>Events in the window, whatever they are.</summary>
    public long Events { get; private set; }

    public IReadOnlyDictionary<string, NamedSpans> Names => _names;

    /// <summary>The longest, the longest of all first.</summary>
    public IReadOnlyList<SpanStory> Longest { get; private set; } = [];

    /// <summary>Spans that were forgotten because too many were open.</summary>
    public long GivenUp => _tracker.GivenUp;

    /// <summary>From when on all streams of a trace have events: what began later, began in the trace.</summary>
    private Dictionary<TraceInfo, long> CompleteFrom { get; }

    /// <param name="reader">The trace.</param>
    /// <param name="filter">Which spans, by what began them.</param>
    /// <param name="top">How many of the longest.</param>
    /// <param name="json">In which form the fields of events are wanted.</param>
    /// <param name="timeline">Told of the second pass' events, once the longest span is known; null when nobody asks.</param>
    public static SlowSpans Read(TraceReader reader, EventFilter filter, int top, bool json, TimelineMaker? timeline)
    {
        SlowSpans result = new(reader, filter, top, kept: timeline is null ? top : Math.Max(1, top));
        using Progress progress = new("reading", reader.Bytes * Passes);
        result.Measure(progress);
        result.Tell(json, timeline, progress);
        return result;
    }

    private void Measure(Progress progress)
    {
        SpanChoice choice = new(_filter);
        foreach (EventView item in _reader.Events(choice.Window).Watched(progress, CancellationToken.None))
        {
            Events++;
            if (_tracker.Add(item) is { } span && choice.Wants(span, item))
            {
                Count(span);
            }
        }

        foreach (TracedSpan span in _tracker.Finish().Where(choice.WantsUnended))
        {
            Count(span);
        }
    }

    private void Count(TracedSpan span)
    {
        if (!_names.TryGetValue(span.Name, out NamedSpans? named))
        {
            _names.Add(span.Name, named = new NamedSpans());
        }

        switch (span.Cut)
        {
            case SpanCut.None:
                named.Durations.Add(span.Duration);
                break;
            case SpanCut.Begin:
                named.CutAtBegin++;
                break;
            default:
                named.CutAtEnd++;
                break;
        }

        if (CertainDuration(span) is { } duration)
        {
            _longest.Enqueue(span, new Rank(duration, span.Begin));
            if (_longest.Count > _kept)
            {
                _longest.Dequeue();
            }
        }
    }

    /// <summary>
    /// Of a span that began before the trace, only what all streams hold counts; and nothing when the trace has holes,
    /// since then its begin may simply be lost.
    /// </summary>
    private long? CertainDuration(TracedSpan span)
    {
        if (!span.Cut.HasFlag(SpanCut.Begin))
        {
            return span.Duration;
        }

        bool hasHoles = span.Trace.Streams.Any(stream => stream.Losses.Any);
        return hasHoles ? null : Math.Max(0, span.End - Math.Max(span.Begin, CompleteFrom[span.Trace]));
    }

    private void Tell(bool json, TimelineMaker? timeline, Progress progress)
    {
        SpanStory[] stories = new SpanStory[_longest.Count];
        for (int i = stories.Length - 1; i >= 0; i--)
        {
            _longest.TryDequeue(out TracedSpan? span, out Rank rank);
            stories[i] = new SpanStory(span!, rank.Duration, i + 1);
        }

        Longest = [.. stories.Take(_top)];
        if (stories.Length == 0)
        {
            return;
        }

        timeline?.Begin(stories[0]);
        ILookup<(TraceInfo, long), SpanStory> byThread = stories.ToLookup(story => (story.Span.Trace, story.Span.ThreadId));
        SpanTracker tracker = new();
        progress.Before = _reader.Bytes;
        foreach (EventView item in _reader.Events(new SpanChoice(_filter).Window).Watched(progress, CancellationToken.None))
        {
            TracedSpan? span = tracker.Add(item);
            bool nests = span is not null && _tracker.IsBoundToThread(span);
            foreach (SpanStory story in byThread[(item.Stream.Trace, span?.ThreadId ?? item.ThreadId)])
            {
                story.Add(item, span, nests, json);
            }

            timeline?.Add(item, span, nests);
        }

        foreach (TracedSpan span in tracker.Finish())
        {
            timeline?.Add(span, _tracker.IsBoundToThread(span));
        }
    }

    /// <summary>The shortest comes first; of two that took as long, the later.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Rank(long Duration, long Begin) : IComparable<Rank>
    {
        public int CompareTo(Rank other) => Duration != other.Duration
            ? Duration.CompareTo(other.Duration) : other.Begin.CompareTo(Begin);
    }
}
