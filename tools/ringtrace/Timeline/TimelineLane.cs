using RingTrace.Formats.Spans;

namespace RingTrace.Tool.Timeline;

/// <summary>A span that is wide enough to be seen, clipped to the picture; its row in its lane counts from above.</summary>
internal sealed record TimelineBar(long Begin, long End, string Name, SpanCut Cut, bool IsSlowest, int Row)
{
    public long Duration => End - Begin;
}

/// <summary>What falls into one column of pixels of a lane and is too short to be drawn by itself.</summary>
/// <param name="Count">How many.</param>
/// <param name="Name">The name of the first.</param>
/// <param name="IsWarning">Whether one is a warning or worse.</param>
internal readonly record struct TimelineMark(int Count, string Name, bool IsWarning);

/// <summary>A thread, or one kind of spans that do not nest on threads. Memory is bounded by the picture's size.</summary>
/// <param name="label">What stands before it.</param>
/// <param name="thread">The thread's number; null for a kind of spans.</param>
internal sealed class TimelineLane(string label, long? thread)
{
    private const int MostBars = 2000;
    private const int MostRows = 6;

    private readonly List<TimelineBar> _bars = [];
    private readonly SortedDictionary<int, TimelineMark> _short = [];
    private readonly SortedDictionary<int, TimelineMark> _instants = [];

    public string Label => label;

    public long? ThreadId => thread;

    public bool HoldsSlowest { get; private set; }

    /// <summary>Time inside of spans, those within each other counted each: how much there is to see.</summary>
    public double Busy { get; private set; }

    /// <summary>Spans for which there is no room.</summary>
    public long LeftOut { get; private set; }

    /// <summary>By each column that they touch.</summary>
    public IReadOnlyDictionary<int, TimelineMark> Short => _short;

    /// <summary>By column.</summary>
    public IReadOnlyDictionary<int, TimelineMark> Instants => _instants;

    public void Add(TimelineBar bar)
    {
        Busy += bar.End - bar.Begin;
        HoldsSlowest |= bar.IsSlowest;
        if (_bars.Count < MostBars || bar.IsSlowest)
        {
            _bars.Add(bar);
        }
        else
        {
            LeftOut++;
        }
    }

    public void AddShort(int column, string name) => Add(_short, column, name, isWarning: false);

    public void AddInstant(int column, string name, bool isWarning) => Add(_instants, column, name, isWarning);

    /// <summary>
    /// The bars with their rows: of those that overlap, the one that began first comes first; where nothing nests, before
    /// all others the slowest. To be called once.
    /// </summary>
    public IReadOnlyList<TimelineBar> Lay()
    {
        List<TimelineBar> laid = [];
        List<long> ends = [];
        bool nests = thread is not null;
        foreach (TimelineBar bar in _bars.OrderByDescending(bar => !nests && bar.IsSlowest)
            .ThenBy(bar => bar.Begin).ThenByDescending(bar => bar.End))
        {
            // On a thread a row is free when all below it are: what is inside never comes above.
            int row = nests ? ends.FindLastIndex(end => end > bar.Begin) + 1 : ends.FindIndex(end => end <= bar.Begin);
            if (row < 0 || row == ends.Count)
            {
                row = ends.Count;
                ends.Add(long.MinValue);
            }

            ends[row] = bar.IsSlowest && !nests ? long.MaxValue : bar.End;
            if (row < MostRows || bar.IsSlowest)
            {
                laid.Add(bar with { Row = Math.Min(row, MostRows - 1) });
            }
            else
            {
                LeftOut++;
            }
        }

        return laid;
    }

    private static void Add(SortedDictionary<int, TimelineMark> marks, int column, string name, bool isWarning)
    {
        TimelineMark mark = marks.GetValueOrDefault(column, new TimelineMark(0, name, isWarning));
        bool isFirstWarning = isWarning && !mark.IsWarning;
        marks[column] = new TimelineMark(mark.Count + 1, isFirstWarning ? name : mark.Name, mark.IsWarning || isWarning);
    }
}
