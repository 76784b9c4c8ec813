using System.Globalization;
using RingTrace.Tool.Output;
using RingTrace.Tool.Timeline;
using static RingTrace.Tool.Timeline.TimelineStyle;

namespace RingTrace.Tool.Net.Stats;

/// <summary>Draws the rate over time: packets a second, and under it bits a second.</summary>
internal sealed class RateDrawing(CaptureStats stats)
{
    private const double HeadHeight = 64;
    private const double PanelHeight = 180;
    private const double PanelGap = 46;
    private const double AxisHeight = 40;
    private const int Marks = 4;
    private const double NanosecondsPerSecond = 1e9;

    private readonly RateSeries _rate = stats.Rate;

    /// <summary>There must be packets that have a time.</summary>
    /// <param name="title">What was captured.</param>
    /// <param name="stream">Where to; stays open.</param>
    public void Write(string title, Stream stream)
    {
        double height = HeadHeight + PanelGap + 2 * PanelHeight + AxisHeight;
        using SvgWriter svg = new(stream, Width, height, Rules);
        svg.Box("card", 0.5, 0.5, Width - 1, height - 1, radius: 6);
        svg.Text("title", Edge, 30, Fit(title, Width - 2 * Edge, Title));
        svg.Text("sub", Edge, 48, Fit(
            $"{Units.Count(stats.Contents.Totals.Packets)} packets, {Units.Bytes(stats.Contents.Totals.WireBytes)} on the wire, from "
            + Instants.ToUtc(stats.First!.Value).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)
            + $" UTC, in intervals of {Units.Time(_rate.Interval)}", Width - 2 * Edge));
        DrawPanel(svg, HeadHeight, "c0", bin => bin.Packets, value => $"{Units.Rate(value)} packets/s");
        DrawPanel(svg, HeadHeight + PanelHeight + PanelGap, "c1", bin => bin.WireBytes, CaptureStatsReport.Bits);
    }

    private void DrawPanel(SvgWriter svg, double top, string colour, Func<RateBin, long> valueOf, Func<double, string> describe)
    {
        double seconds = _rate.Interval / NanosecondsPerSecond;
        double most = 1;
        foreach (RateBin bin in _rate.Bins)
        {
            most = Math.Max(most, valueOf(bin));
        }

        double bottom = top + PanelHeight;
        for (int i = 0; i <= Marks; i++)
        {
            double y = bottom - i * (PanelHeight - 12) / Marks;
            svg.Line("grid", PlotLeft, y, PlotRight, y);
            svg.Text("axis", Edge, y + 4, describe(most * i / Marks / seconds));
        }

        DrawTimes(svg, top, bottom);
        double width = (double)TimelineMaker.Columns / _rate.Bins.Length;
        for (int i = 0; i < _rate.Bins.Length; i++)
        {
            double value = valueOf(_rate.Bins[i]);
            double height = value / most * (PanelHeight - 12);
            if (value > 0)
            {
                string time = Instants.ToUtc(_rate.TimeOf(i)).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
                svg.Box(colour, PlotLeft + i * width, bottom - height, width * 0.9, height, $"{time} UTC: {describe(value / seconds)}");
            }
        }
    }

    private void DrawTimes(SvgWriter svg, double top, double bottom)
    {
        long from = _rate.TimeOf(0);
        double length = (double)_rate.Interval * _rate.Bins.Length;
        foreach ((double after, string label) in new TimeAxis(from, (long)Math.Min(from + length, long.MaxValue), from).Marks())
        {
            double x = PlotLeft + after / length * TimelineMaker.Columns;
            svg.Line("grid", x, top, x, bottom);
            svg.Text("axis", Math.Min(x, PlotRight - WidthOf(label)), bottom + 16, label);
        }
    }
}
