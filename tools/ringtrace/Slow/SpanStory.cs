using RingTrace.Formats;
using RingTrace.Formats.Spans;

namespace RingTrace.Tool.Slow;

/// <summary>Something that happened inside a span on its thread: an event, or a span.</summary>
/// <param name="Time">When, or when it began.</param>
/// <param name="Depth">Inside how many spans, the outermost not counted.</param>
/// <param name="Name">The event's name, or the span's.</param>
/// <param name="Span">Null for an event.</param>
/// <param name="Fields">The event's fields, or those of the event that began the span.</param>
internal sealed record StoryItem(long Time, int Depth, string Name, TracedSpan? Span, CapturedFields Fields);

/// <summary>A span and the first and last things that happened inside it on its thread.</summary>
/// <param name="span">The span, of another pass over the same trace.</param>
/// <param name="duration">How long it took, for certain.</param>
/// <param name="rank">Its place among the longest, from 1.</param>
internal sealed class SpanStory(TracedSpan span, long duration, int rank)
{
    private const int MostFirst = 12;
    private const int MostLast = 4;

    private readonly List<StoryItem> _first = [];
    private readonly Queue<StoryItem> _last = [];
    private readonly List<TracedSpan> _around = [];

    public TracedSpan Span => span;

    public long Duration => duration;

    public int Rank => rank;

    /// <summary>Those of the event that began it, or of the only one that there is.</summary>
    public CapturedFields Fields { get; private set; } = CapturedFields.None;

    public IEnumerable<StoryItem> First => _first.OrderBy(item => item.Time);

    public IEnumerable<StoryItem> Last => _last.OrderBy(item => item.Time);

    /// <summary>How many there are between the first and the last.</summary>
    public long More { get; private set; }

    /// <summary>Whether it is this span, as another pass over the trace put it together.</summary>
    public bool IsAbout(TracedSpan other) => other.Trace == span.Trace && other.Id == span.Id && other.Name == span.Name
        && other.ThreadId == span.ThreadId && other.Begin == span.Begin && (span.Id != 0 || other.End == span.End);

    /// <summary>An event of the span's thread, or one that began or ended it.</summary>
    /// <param name="item">The event.</param>
    /// <param name="other">What it began or ended.</param>
    /// <param name="nests">Whether that is of a kind that nests on threads.</param>
    /// <param name="json">In which form fields are wanted.</param>
    public void Add(in EventView item, TracedSpan? other, bool nests, bool json)
    {
        if (other is not null && IsAbout(other))
        {
            if (other.IsOpen || other.EventClass == item.EventClass)
            {
                Fields = CapturedFields.Of(item, json);
            }

            return;
        }

        if (item.Timestamp < span.Begin || item.Timestamp > span.End || item.ThreadId != span.ThreadId)
        {
            return;
        }

        if (other is { IsOpen: false } && item.EventClass.Kind != EventKind.Complete)
        {
            // Its begin was told, or is not inside.
            _around.Remove(other);
            return;
        }

        Tell(new StoryItem(
            Math.Max(other?.Begin ?? item.Timestamp, span.Begin), _around.Count, item.EventClass.SpanName, other,
            CapturedFields.Of(item, json)));
        if (other is { IsOpen: true } && nests)
        {
            _around.Add(other);
        }
    }

    private void Tell(StoryItem item)
    {
        if (_first.Count < MostFirst)
        {
            _first.Add(item);
            return;
        }

        _last.Enqueue(item);
        if (_last.Count > MostLast)
        {
            _last.Dequeue();
            More++;
        }
    }
}
