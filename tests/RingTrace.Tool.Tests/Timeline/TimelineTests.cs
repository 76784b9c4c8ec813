using System.Globalization;
using System.Text;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using RingTrace.Formats.Spans;
using RingTrace.Tool.Timeline;
using Xunit;

namespace RingTrace.Tool.Tests;

public sealed class TimelineTests(DemoFixture demo, TypeFixture types) : IDisposable
{
    private static readonly XNamespace Svg = SvgWriter.Namespace;

    private readonly string _folder = Directory.CreateTempSubdirectory("ringtrace-timeline-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_slow_request_is_marked_and_everything_is_inside_the_picture()
    {
        XElement picture = Draw(demo.SlowTrace);
        double width = Number(picture, "width");
        double height = Number(picture, "height");
        Assert.Equal(1200, width);
        Assert.All(picture.Descendants(Svg + "rect"), box =>
        {
            Assert.InRange(Number(box, "x"), 0, width - Number(box, "width"));
            Assert.InRange(Number(box, "y"), 0, height - Number(box, "height"));
        });
        XElement slow = Assert.Single(picture.Elements(Svg + "rect"), box => Is(box, "slow") && box.HasElements);
        Assert.StartsWith("Demo:Request: ", slow.Value, StringComparison.Ordinal);
        string id = demo.Json.GetProperty("slow").GetProperty("id").ToString();
        Assert.Contains(picture.Elements(Svg + "text"), text => text.Value.Contains($"id = {id},", StringComparison.Ordinal));
        Assert.DoesNotContain(picture.Descendants(), element => element.Name.LocalName is "script" or "image" or "foreignObject");
    }

    [Fact]
    public void Bars_lie_in_a_lane_and_in_the_plot_and_do_not_cover_each_other()
    {
        XElement picture = Draw(demo.SlowTrace);
        XElement[] bars = [.. picture.Elements(Svg + "rect").Where(box => box.HasElements)];
        XElement band = Assert.Single(picture.Elements(Svg + "rect"), box => Is(box, "band"));
        Assert.All(bars, bar =>
        {
            Assert.InRange(Number(bar, "x"), TimelineStyle.PlotLeft, TimelineStyle.PlotRight - Number(bar, "width") + 1);
            Assert.InRange(
                Number(bar, "y"), Number(band, "y"), Number(band, "y") + Number(band, "height") - Number(bar, "height"));
        });
        foreach (IGrouping<double, XElement> row in bars.GroupBy(bar => Number(bar, "y")))
        {
            double last = 0;
            foreach (XElement bar in row.OrderBy(bar => Number(bar, "x")))
            {
                Assert.True(Number(bar, "x") >= last, "bars cover each other");
                last = Number(bar, "x") + Number(bar, "width") - 1;
            }
        }
    }

    [Fact]
    public void Texts_do_not_overlap_and_end_inside_the_picture()
    {
        XElement picture = Draw(demo.SlowTrace);
        List<(double Left, double Right, double Base)> texts = [];
        foreach (XElement text in picture.Elements(Svg + "text"))
        {
            double size = Is(text, "title") ? TimelineStyle.Title : TimelineStyle.Small;
            double left = Number(text, "x");
            texts.Add((left, left + TimelineStyle.WidthOf(text.Value, size), Number(text, "y")));
        }

        Assert.All(texts, text => Assert.InRange(text.Right, 0, 1200));
        for (int i = 0; i < texts.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                Assert.False(
                    Math.Abs(texts[i].Base - texts[j].Base) < TimelineStyle.Small
                    && texts[i].Left < texts[j].Right && texts[j].Left < texts[i].Right,
                    $"texts {j} and {i} overlap");
            }
        }
    }

    [Fact]
    public void A_picture_of_a_single_short_span_is_a_picture() =>
        Assert.Single(Draw(types.Trace).Elements(Svg + "rect"), box => Is(box, "slow") && box.HasElements);

    [Fact]
    public void Without_spans_there_is_no_picture_and_what_was_there_stays()
    {
        string path = Path.Combine(_folder, "old.svg");
        File.WriteAllText(path, "old");
        CommandRun run = CommandRun.Tool("view", demo.SlowTrace, "slow", "--events", "None:*", "--svg", path);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void Any_text_is_escaped()
    {
        using MemoryStream stream = new();
        using (SvgWriter svg = new(stream, 10, 10, ""))
        {
            svg.Text("a", 1, 1, "<b>&\"\u0001\ud800\ud83d\ude00");
        }

        string text = Encoding.UTF8.GetString(stream.ToArray());
        Assert.Equal("<b>&\"\uFFFD\uFFFD\ud83d\ude00", XElement.Parse(text).Element(Svg + "text")!.Value);
    }

    [Fact]
    public void Marks_of_an_axis_are_round_and_differ() => Prop.ForAll<PositiveInt, int, NonNegativeInt>((length, power, before) =>
    {
        long span = (long)length.Get << (Math.Abs(power) % 30);
        long from = 1_700_000_000_000_000_000 - before.Get;
        (double Time, string Label)[] marks = [.. new TimeAxis(from, from + span, 1_700_000_000_000_000_000).Marks()];
        Assert.InRange(marks.Length, span < 5 ? 1 : 3, 11);
        Assert.Equal(marks.Length, marks.Select(mark => mark.Label).Distinct().Count());
        Assert.All(marks, mark => Assert.Matches(@"^[+-]?\d{1,5}(\.\d{1,3})? (s|ms|µs|ns)$", mark.Label));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Bars_of_one_row_do_not_overlap() => Prop.ForAll<int[], bool>((times, isThread) =>
    {
        TimelineLane lane = new("lane", isThread ? 1 : null);
        foreach (int time in times)
        {
            long begin = Math.Abs((long)time) % 1000;
            lane.Add(new TimelineBar(begin, begin + 1 + (begin * 7 % 50), "S:A", SpanCut.None, IsSlowest: false, Row: 0));
        }

        IReadOnlyList<TimelineBar> bars = lane.Lay();
        Assert.Equal(times.Length, bars.Count + lane.LeftOut);
        foreach (IGrouping<int, TimelineBar> row in bars.GroupBy(bar => bar.Row))
        {
            Assert.All(row.Zip(row.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Begin));
        }
    }).QuickCheckThrowOnFailure();

    private XElement Draw(string trace)
    {
        string path = Path.Combine(_folder, "slow.svg");
        CommandRun run = CommandRun.Tool("view", trace, "slow", "--svg", path);
        Assert.True(run.ExitCode == 0, run.Error);
        return XElement.Load(path);
    }

    private static bool Is(XElement element, string kind) => element.Attribute("class")!.Value.Split(' ').Contains(kind);

    private static double Number(XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
