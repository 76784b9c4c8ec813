using System.IO.Enumeration;
using RingTrace.Formats;
using RingTrace.Formats.Spans;
using RingTrace.Tool.Filtering;

namespace RingTrace.Tool.Slow;

/// <summary>
/// Which spans a filter wants: by name (of the span or of its event) and level, and by the fields of the event that began
/// it. For one pass over the trace.
/// </summary>
internal sealed class SpanChoice(EventFilter filter)
{
    private const int MostOpen = 2 * SpanTracker.DefaultMostOpen;

    private readonly Dictionary<EventClass, bool> _kinds = [];
    private readonly HashSet<TracedSpan> _open = [];

    /// <summary>The events that tell of spans: all in the filter's window, since both ends are needed.</summary>
    public TraceQuery Window { get; } = new() { From = filter.Query.From, To = filter.Query.To };

    /// <summary>Whether a span that this event ended is wanted. To be asked of each event that began or ended one.</summary>
    public bool Wants(TracedSpan span, in EventView item)
    {
        if (!_kinds.TryGetValue(span.EventClass, out bool isKind))
        {
            _kinds.Add(span.EventClass, isKind = IsWanted(span.EventClass));
        }

        bool wasOpen = _open.Remove(span);
        if (!isKind || !span.IsOpen && item.EventClass == span.EventClass)
        {
            // All that the trace holds of it is this event.
            return isKind && filter.Wants(item);
        }

        if (span.IsOpen && filter.Wants(item))
        {
            if (_open.Count == MostOpen)
            {
                // What the tracker gave up may never end.
                _open.RemoveWhere(other => !other.IsOpen);
            }

            _open.Add(span);
        }

        return wasOpen;
    }

    /// <summary>Whether a span is wanted that has not ended at the trace's end.</summary>
    public bool WantsUnended(TracedSpan span) => _open.Contains(span);

    private bool IsWanted(EventClass item) =>
        (filter.Query.MinimumLevel is not { } least || item.Level is not { } level || level <= least)
        && (filter.Query.Name is not { } patterns || patterns.Split(',', StringSplitOptions.TrimEntries).Any(pattern =>
            FileSystemName.MatchesSimpleExpression(pattern, item.SpanName, ignoreCase: false)
            || FileSystemName.MatchesSimpleExpression(pattern, item.Name, ignoreCase: false)));
}
