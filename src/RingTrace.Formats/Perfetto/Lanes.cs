using RingTrace.Formats.Spans;

namespace RingTrace.Formats.Perfetto;

/// <summary>A track on which a span is shown, and the number under which to return it; -1 for a thread's.</summary>
internal readonly record struct Lane(ulong Track, int Number);

/// <summary>
/// Tracks for spans that do not nest on a thread: of one kind, as many as are open at once. A span has one for itself
/// from its begin to its end.
/// </summary>
internal sealed class Lanes(TrackTable tracks)
{
    private readonly Dictionary<(TraceInfo Trace, string Name), PriorityQueue<int, int>> _free = [];
    private readonly Dictionary<(TraceInfo Trace, string Name), int> _made = [];

    /// <summary>The first lane that is free.</summary>
    public Lane Take(PacketSequence sequence, TracedSpan span)
    {
        (TraceInfo, string) kind = (span.Trace, span.Name);
        if (!_free.TryGetValue(kind, out PriorityQueue<int, int>? free) || !free.TryDequeue(out int number, out _))
        {
            number = _made.GetValueOrDefault(kind);
            _made[kind] = number + 1;
        }

        return new Lane(tracks.Spans(sequence, span.Trace, span.Name, number), number);
    }

    /// <summary>The span on it has ended.</summary>
    public void Return(TracedSpan span, Lane lane)
    {
        (TraceInfo, string) kind = (span.Trace, span.Name);
        if (!_free.TryGetValue(kind, out PriorityQueue<int, int>? free))
        {
            _free.Add(kind, free = new PriorityQueue<int, int>());
        }

        free.Enqueue(lane.Number, lane.Number);
    }
}
