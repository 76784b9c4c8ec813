using static RingTrace.Tool.Timeline.TimelineStyle;

namespace RingTrace.Tool.Timeline;

/// <summary>A lane with a row for everything in it.</summary>
internal sealed class LaidLane
{
    private readonly TimelineMaker _timeline;
    private readonly int _barRows;

    public LaidLane(TimelineMaker timeline, TimelineLane lane)
    {
        (_timeline, Lane) = (timeline, lane);
        Bars = lane.Lay();
        _barRows = Bars.Select(bar => bar.Row + 1).Append(0).Max();
        Rows = Math.Max(_barRows, lane.Short.Keys.Select(column => RowOfShort(column) + 1).Append(0).Max());
    }

    public TimelineLane Lane { get; }

    public IReadOnlyList<TimelineBar> Bars { get; }

    public int Rows { get; }

    public double Height => Math.Max(Row, Row * Rows + (Lane.Instants.Count > 0 ? Ticks : 0)) + LaneGap;

    /// <summary>Short spans come below the bars of their time; where nothing nests, below all.</summary>
    public int RowOfShort(int column) => Lane.ThreadId is null ? _barRows : Bars
        .Where(bar => _timeline.Column(bar.Begin) <= column && _timeline.Column(bar.End) >= column)
        .Select(bar => bar.Row + 1).Append(0).Max();
}
