using RingTrace.Formats.Spans;

namespace RingTrace.Formats.Perfetto;

/// <summary>
/// Writes complete spans: their begin is known only at their end, when later events have long been written. So they have
/// sequences of their own, one for each level of those that lie inside each other on a thread.
/// </summary>
internal sealed class CompleteSpans(PacketOutput output, TrackTable tracks)
{
    private const int MostLevels = 4096;

    private readonly Dictionary<(TraceInfo Trace, long Thread), List<Level>> _threads = [];
    private int _levels;

    /// <summary>Where a span can be written.</summary>
    /// <param name="span">The span.</param>
    /// <param name="begin">Its begin in the file's time.</param>
    /// <param name="end">Its end, likewise.</param>
    /// <returns>Its sequence and its track; null if there are too many levels.</returns>
    public (PacketSequence Sequence, ulong Track)? Place(TracedSpan span, ulong begin, ulong end)
    {
        if (!_threads.TryGetValue((span.Trace, span.ThreadId), out List<Level>? levels))
        {
            if (_levels == MostLevels)
            {
                return null;
            }

            _threads.Add((span.Trace, span.ThreadId), levels = []);
        }

        int number = levels.FindIndex(level => level.LastEnd <= begin);
        if (number < 0)
        {
            if (_levels == MostLevels)
            {
                return null;
            }

            number = levels.Count;
            levels.Add(new Level(output.NewSequence()));
            _levels++;
        }

        Level found = levels[number];
        found.LastEnd = end;
        return (found.Sequence, tracks.Complete(found.Sequence, span.Trace, span.ThreadId, number));
    }

    private sealed class Level(PacketSequence sequence)
    {
        public PacketSequence Sequence => sequence;

        public ulong LastEnd { get; set; }
    }
}
