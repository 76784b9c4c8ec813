using System.Globalization;
using RingTrace.Formats;
using RingTrace.Formats.Spans;
using RingTrace.Tool.Output;
using RingTrace.Tool.Slow;
using static RingTrace.Tool.Timeline.TimelineStyle;

namespace RingTrace.Tool.Timeline;

/// <summary>Draws the time around the slowest span: a lane for each thread, its spans as bars, its other events as ticks.</summary>
internal sealed class TimelineDrawing
{
    private const int MostLanes = 14;
    private const double HeadHeight = 84;
    private const double FootHeight = 58;

    private readonly TimelineMaker _timeline;
    private readonly TraceReader _reader;
    private readonly LaidLane[] _lanes;
    private readonly int _hiddenLanes;
    private readonly Dictionary<string, string> _colours;
    private readonly string _commonPrefix;

    private TimelineDrawing(TimelineMaker timeline, TraceReader reader)
    {
        (_timeline, _reader) = (timeline, reader);
        SpanStory slowest = timeline.Slowest!;
        List<TimelineLane> busy = [.. timeline.Lanes
            .Where(lane => lane.Busy > 0 || lane.Short.Count > 0 || lane.Instants.Count > 0)
            .OrderByDescending(lane => lane.HoldsSlowest)
            .ThenByDescending(lane => lane.ThreadId == slowest.Span.ThreadId)
            .ThenByDescending(lane => lane.Busy).ThenByDescending(lane => lane.Short.Count + lane.Instants.Count)];
        _hiddenLanes = Math.Max(0, busy.Count - MostLanes);
        _lanes = [.. busy.Take(MostLanes).Select(lane => new LaidLane(timeline, lane))];
        string[] names = [.. _lanes.SelectMany(lane => lane.Bars).GroupBy(bar => bar.Name)
            .OrderByDescending(group => group.Sum(bar => (double)(bar.End - bar.Begin))).Select(group => group.Key)
            .Concat(_lanes.SelectMany(lane => lane.Lane.Short.Values).Select(mark => mark.Name)).Distinct()];
        _colours = names.Index().ToDictionary(name => name.Item, name => $"c{Math.Min(name.Index, Colours)}");
        _commonPrefix = PrefixOf([.. names, slowest.Span.Name]);
    }

    private double LanesHeight => _lanes.Sum(lane => lane.Height);

    private double LanesBottom => HeadHeight + LanesHeight;

    /// <summary>Draws what was gathered. There must be a slowest span.</summary>
    /// <param name="timeline">What was gathered.</param>
    /// <param name="reader">The trace it is from.</param>
    /// <param name="stream">Where to; stays open.</param>
    public static void Write(TimelineMaker timeline, TraceReader reader, Stream stream)
    {
        TimelineDrawing drawing = new(timeline, reader);
        using SvgWriter svg = new(stream, Width, drawing.LanesBottom + FootHeight, Rules);
        drawing.Draw(svg);
    }

    private void Draw(SvgWriter svg)
    {
        svg.Box("card", 0.5, 0.5, Width - 1, LanesBottom + FootHeight - 1, radius: 6);
        DrawHead(svg);
        double top = HeadHeight;
        foreach ((int i, LaidLane lane) in _lanes.Index())
        {
            if (i % 2 == 0)
            {
                svg.Box("stripe", 1, top, Width - 2, lane.Height);
            }

            top += lane.Height;
        }

        DrawAxis(svg);
        top = HeadHeight;
        foreach (LaidLane lane in _lanes)
        {
            DrawLane(svg, top + LaneGap / 2, lane);
            top += lane.Height;
        }

        DrawFoot(svg);
    }

    private void DrawHead(SvgWriter svg)
    {
        SpanStory slowest = _timeline.Slowest!;
        svg.Text("title", Edge, 30, Fit(
            $"{slowest.Span.Name} {(slowest.Span.Cut == SpanCut.None ? "took" : "took more than")} {Units.Time(slowest.Duration)}",
            Width - 2 * Edge, Title));
        svg.Text("sub", Edge, 48, Fit(
            Invariant($"{Instants.ToUtc(slowest.Span.Begin):yyyy-MM-dd HH:mm:ss.fffffff} UTC   {slowest.Fields}"), Width - 2 * Edge));
    }

    private void DrawAxis(SvgWriter svg)
    {
        (double begin, double end) = (X(_timeline.Slowest!.Span.Begin), X(_timeline.Slowest.Span.End));
        svg.Box("band", begin, HeadHeight, end - begin, LanesHeight);
        foreach ((double after, string label) in new TimeAxis(_timeline.From, _timeline.To, _timeline.Slowest.Span.Begin).Marks())
        {
            double x = XAfter(after);
            svg.Line("grid", x, HeadHeight - 8, x, LanesBottom);
            svg.Text("axis", x - WidthOf(label) / 2, HeadHeight - 12, label);
        }

        svg.Line("rim", begin, HeadHeight - 8, begin, LanesBottom);
        svg.Line("rim", end, HeadHeight - 8, end, LanesBottom);
    }

    private void DrawLane(SvgWriter svg, double top, LaidLane laid)
    {
        TimelineLane lane = laid.Lane;
        string label = lane.ThreadId is null ? Short(lane.Label) : lane.Label;
        svg.Text(lane.HoldsSlowest ? "lane hot" : "lane", Edge, top + 12, Fit(label, PlotLeft - Edge - 10));
        foreach (IGrouping<string, KeyValuePair<int, TimelineMark>> colour in lane.Short.GroupBy(mark => _colours[mark.Value.Name]))
        {
            svg.Path($"{colour.Key} short", string.Concat(colour.Select(mark =>
                $"M{PlotLeft + mark.Key} {SvgWriter.Number(top + Row * laid.RowOfShort(mark.Key))}h1v{Bar}h-1z")));
        }

        foreach (TimelineBar bar in laid.Bars)
        {
            DrawBar(svg, top + Row * bar.Row, bar);
        }

        double under = top + Row * laid.Rows;
        svg.Path("tick", string.Concat(lane.Instants.Where(mark => !mark.Value.IsWarning)
            .Select(mark => $"M{SvgWriter.Number(PlotLeft + mark.Key + 0.5)} {SvgWriter.Number(under)}v{Ticks - 2}")));
        foreach ((int column, TimelineMark mark) in lane.Instants.Where(mark => mark.Value.IsWarning))
        {
            string hint = mark.Count == 1 ? mark.Name : Invariant($"{mark.Name} and {mark.Count - 1} more events");
            svg.Line("warn", PlotLeft + column + 0.5, under, PlotLeft + column + 0.5, under + Ticks - 2, hint);
        }
    }

    private void DrawBar(SvgWriter svg, double top, TimelineBar bar)
    {
        (double left, double right) = (X(bar.Begin), X(bar.End));
        double width = Math.Max(1, right - left - 0.5);
        string time = (bar.Cut == SpanCut.None ? "" : "more than ") + Units.Time(bar.Duration);
        string hint = $"{bar.Name}: {time}";
        svg.Box(bar.IsSlowest ? "slow" : _colours[bar.Name], left, top, width, Bar, hint, radius: Math.Min(2, width / 3));
        if (bar.Cut.HasFlag(SpanCut.Begin))
        {
            svg.Line("cut", left + 2, top, left + 2, top + Bar);
        }

        if (bar.Cut.HasFlag(SpanCut.End))
        {
            svg.Line("cut", left + width - 2, top, left + width - 2, top + Bar);
        }

        string name = Short(bar.Name);
        string text = WidthOf($"{name}  {time}") <= width - 12 ? $"{name}  {time}" : Fit(name, width - 12);
        if (text.Length > 0)
        {
            svg.Text(bar.IsSlowest ? "name hot" : "name", left + 6, top + 12, text);
        }
    }

    private void DrawFoot(SvgWriter svg)
    {
        double y = LanesBottom + 24;
        double x = PlotLeft;
        Key((left, middle) => svg.Box("slow", left, middle - 5, 16, 10, radius: 2), "the slowest span");
        Key((left, middle) => svg.Box("c0", left, middle - 5, 16, 10, radius: 2), "a span");
        Key((left, middle) => svg.Box("c0 short", left, middle - 5, 1, 10), "short ones");
        Key((left, middle) => svg.Line("tick", left + 1, middle - 4, left + 1, middle + 4), "an event");
        Key((left, middle) => svg.Line("warn", left + 1, middle - 4, left + 1, middle + 4), "a warning or worse");
        Key(
            (left, middle) =>
            {
                svg.Box("c0", left, middle - 5, 16, 10, radius: 2);
                svg.Line("cut", left + 14, middle - 5, left + 14, middle + 5);
            },
            "goes on beyond what is shown");
        svg.Text("foot", PlotLeft, y + 20, Fit(Missing(), PlotRight - PlotLeft));

        void Key(Action<double, double> shape, string text)
        {
            shape(x, y - 4);
            svg.Text("key", x + 22, y, text);
            x += 22 + WidthOf(text) + 18;
        }
    }

    /// <summary>What the picture does not show.</summary>
    private string Missing()
    {
        List<string> parts = [];
        long spans = _lanes.Sum(lane => lane.Lane.LeftOut);
        if (spans > 0)
        {
            parts.Add($"{Units.Count(spans)} spans without room");
        }

        if (_hiddenLanes > 0)
        {
            parts.Add($"{Units.Count(_hiddenLanes)} quieter lanes");
        }

        StreamLosses losses = _reader.Losses;
        string lost = losses.Any
            ? $"{Units.Count(losses.EventsDiscarded)} events and {Units.Count(losses.PacketsLost)} packets of the trace were lost"
            : "nothing of the trace was lost";
        return parts.Count == 0 ? $"All lanes are shown; {lost}." : $"Not shown: {string.Join(", ", parts)}; {lost}.";
    }

    private double X(long time) => XAfter(time - _timeline.From);

    private double XAfter(double time) =>
        PlotLeft + Math.Clamp(time / (_timeline.To - _timeline.From), 0, 1) * TimelineMaker.Columns;

    /// <summary>Without the provider, if there is but one.</summary>
    private string Short(string name) => name[_commonPrefix.Length..];

    private static string PrefixOf(string[] names)
    {
        string provider = names[0][..(names[0].IndexOf(':') + 1)];
        return Array.TrueForAll(names, name => name.StartsWith(provider, StringComparison.Ordinal)) ? provider : "";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
