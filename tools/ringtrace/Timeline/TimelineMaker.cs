using RingTrace.Formats;
using RingTrace.Formats.Spans;
using RingTrace.Tool.Slow;

namespace RingTrace.Tool.Timeline;

/// <summary>Gathers what a picture of the time around the slowest span shows.</summary>
internal sealed class TimelineMaker
{
    /// <summary>What is shown before and after the span, as a part of it.</summary>
    private const double Margin = 0.06;
    private const int MostLanes = 4096;

    /// <summary>Only a lie is longer: 73 years.</summary>
    private const long MostShown = long.MaxValue / 4;

    /// <summary>Shorter spans have no bar of their own.</summary>
    private const double LeastColumns = 3;

    private readonly Dictionary<(TraceInfo Trace, long Thread, string? Name), TimelineLane> _lanes = [];

    /// <summary>How many columns of pixels there are.</summary>
    public const int Columns = 1000;

    /// <summary>The span that it is about; null as long as none is known.</summary>
    public SpanStory? Slowest { get; private set; }

    /// <summary>Where the picture begins.</summary>
    public long From { get; private set; }

    /// <summary>Where it ends; later than the begin.</summary>
    public long To { get; private set; }

    public IReadOnlyCollection<TimelineLane> Lanes => _lanes.Values;

    /// <summary>Says which span it is about. Before anything else.</summary>
    public void Begin(SpanStory slowest)
    {
        Slowest = slowest;
        long margin = Math.Max(1, (long)(slowest.Span.Duration * Margin));
        From = Output.Instants.Add(Math.Max(slowest.Span.Begin, Output.Instants.Add(slowest.Span.End, -MostShown)), -margin);
        To = Output.Instants.Add(slowest.Span.End, margin);
    }

    /// <summary>The next event of the trace.</summary>
    public void Add(in EventView item, TracedSpan? span, bool nests)
    {
        if (span is { IsOpen: false })
        {
            Add(span, nests);
        }
        else if (span is null && item.Timestamp >= From && item.Timestamp <= To)
        {
            LaneOf(item.Stream.Trace, item.ThreadId, null)?.AddInstant(
                Column(item.Timestamp), item.Name, item.EventClass.Level <= TraceLevel.Warning);
        }
    }

    /// <summary>A span that has ended, or never will.</summary>
    public void Add(TracedSpan span, bool nests)
    {
        if (span.Begin > To || span.End < From || LaneOf(span.Trace, span.ThreadId, nests ? null : span.Name) is not { } lane)
        {
            return;
        }

        bool isSlowest = Slowest!.IsAbout(span);
        (long begin, long end) = (Math.Max(span.Begin, From), Math.Min(span.End, To));
        if (isSlowest || (end - begin) * (double)Columns >= LeastColumns * (To - From))
        {
            lane.Add(new TimelineBar(begin, end, span.Name, CutOf(span), isSlowest, Row: 0));
        }
        else
        {
            for (int column = Column(begin); column <= Column(end); column++)
            {
                lane.AddShort(column, span.Name);
            }
        }
    }

    /// <summary>The column of pixels of a time in the picture.</summary>
    public int Column(long time) => (int)Math.Clamp((time - From) * (double)Columns / (To - From), 0, Columns - 1);

    /// <summary>What goes on beyond the picture is cut as well.</summary>
    private SpanCut CutOf(TracedSpan span) =>
        span.Cut | (span.Begin < From ? SpanCut.Begin : 0) | (span.End > To ? SpanCut.End : 0);

    private TimelineLane? LaneOf(TraceInfo trace, long thread, string? name)
    {
        (TraceInfo, long, string?) key = (trace, name is null ? thread : 0, name);
        if (!_lanes.TryGetValue(key, out TimelineLane? lane) && _lanes.Count < MostLanes)
        {
            string label = name ?? (thread < 0 ? "unknown threads"
                : trace.ThreadNames.TryGetValue(thread, out string? known) ? $"{known} {thread}" : $"thread {thread}");
            _lanes.Add(key, lane = new TimelineLane(label, name is null ? thread : null));
        }

        return lane;
    }
}
