using RingTrace.Formats.Perfetto;
using RingTrace.Formats.Spans;
using Xunit;

namespace RingTrace.Formats.Tests;

public class SpanTrackerTests
{
    [Fact]
    public void Begin_and_end_are_paired_by_id_and_know_their_depth()
    {
        (List<TracedSpan> spans, SpanTracker tracker) = Track(
            "B1 A 1@10, B2 B 1@20, B3 A 2@21, I5 N 1@25, E2 B 1@30, E3 A 2@31, B4 B 1@35, E4 B 1@36, E1 A 1@40");
        Assert.Equal(
            [("S:B", 2, 20, 30, 1), ("S:A", 3, 21, 31, 0), ("S:B", 4, 35, 36, 1), ("S:A", 1, 10, 40, 0)], spans.Select(Shape));
        Assert.All(spans, span => Assert.Equal(
            (SpanCut.None, span.ThreadId, false), (span.Cut, span.EndThreadId, span.IsOpen)));
        Assert.All(spans, span => Assert.True(tracker.IsBoundToThread(span)));
        Assert.Equal([1, 2, 1, 1], spans.Select(span => span.ThreadId));
        Assert.Equal([1, 0, 1, 1], spans.Select(span => span.Cpu));
        Assert.Equal((0, 0), (tracker.GivenUp, tracker.CutAtBegin));
    }

    [Fact]
    public void A_span_that_ends_on_another_thread_is_one_span_and_its_kind_nests_nowhere()
    {
        (List<TracedSpan> spans, SpanTracker tracker) = Track("B1 A 1@10, B2 B 1@20, E2 B 1@25, E1 A 2@30, B3 A 1@40, B4 B 1@41, E4 B 1@42, E3 A 1@43");
        TracedSpan crossing = spans[1];
        Assert.Equal((1, 2, 20), (crossing.ThreadId, crossing.EndThreadId, crossing.Duration));
        Assert.Equal([true, false, true, false], spans.Select(tracker.IsBoundToThread));

        // What is known not to nest is no level for others.
        Assert.Equal([1, 0, 0, 0], spans.Select(span => span.Depth));
    }

    [Fact]
    public void A_span_that_outlives_the_one_around_it_does_not_nest()
    {
        (List<TracedSpan> spans, SpanTracker tracker) = Track("B1 A 1@10, B2 B 1@20, E1 A 1@30, E2 B 1@40");
        Assert.Equal([("S:A", 1, 10, 30, 0), ("S:B", 2, 20, 40, 1)], spans.Select(Shape));
        Assert.Equal([true, false], spans.Select(tracker.IsBoundToThread));
    }

    [Fact]
    public void A_kind_that_overlaps_itself_does_not_nest()
    {
        (List<TracedSpan> spans, SpanTracker tracker) = Track("B9 B 1@5, B1 A 1@10, B2 A 1@20, E1 A 1@30, E2 A 1@40, E9 B 1@50");
        Assert.Equal([10L, 20, 5], spans.Select(span => Ticks(span.Begin)));
        Assert.Equal([false, false, true], spans.Select(tracker.IsBoundToThread));
    }

    [Fact]
    public void An_end_without_a_begin_began_where_the_trace_begins()
    {
        (List<TracedSpan> spans, SpanTracker tracker) = Track("I1 N 2@10, E7 A 1@30, B8 B 1@40, E9 C 1@50, E8 B 1@60");
        Assert.Equal([("S:A", 7, 10, 30, 0), ("S:C", 9, 10, 50, 0), ("S:B", 8, 40, 60, 0)], spans.Select(Shape));
        Assert.Equal([SpanCut.Begin, SpanCut.Begin, SpanCut.None], spans.Select(span => span.Cut));
        Assert.Equal([true, false, true], spans.Select(tracker.IsBoundToThread));
        Assert.Equal(2, tracker.CutAtBegin);
    }

    [Fact]
    public void Where_one_stream_is_over_a_missing_begin_is_no_old_one()
    {
        using TestTrace trace = new(TestTrace.Event(1, "S:A_end", "uint64_t _span;"));
        trace.Write("cpu0", new TestPacket(0, 100, cpu: 0).Event(1, 10, 2, bytes => bytes.U64(7)).Event(1, 60, 2, bytes => bytes.U64(8)));
        trace.Write("cpu1", new TestPacket(0, 50, cpu: 1));
        List<TracedSpan> spans = Track(trace.Open(), new SpanTracker());
        Assert.Equal([("S:A", 7, 10, 10, 0), ("S:A", 8, 60, 60, 0)], spans.Select(Shape));
        Assert.All(spans, span => Assert.Equal(SpanCut.Begin, span.Cut));
        (PerfettoFile file, PerfettoSummary summary) = PerfettoFile.Convert(trace.Open());
        Assert.Equal([10ul, 60], file.Slices.Select(slice => slice.Begin));
        Assert.Equal(2, summary.CutAtBegin);
    }

    [Fact]
    public void What_is_open_at_the_end_ends_there_innermost_first()
    {
        (List<TracedSpan> spans, _) = Track("B1 A 1@10, B2 B 1@20, B3 A 2@30, I1 N 1@40");
        Assert.Equal([("S:A", 3, 30, 40, 0), ("S:B", 2, 20, 40, 1), ("S:A", 1, 10, 40, 0)], spans.Select(Shape));
        Assert.All(spans, span => Assert.Equal((SpanCut.End, false), (span.Cut, span.IsOpen)));
    }

    [Fact]
    public void An_end_of_another_kind_with_the_same_id_is_not_its_end()
    {
        (List<TracedSpan> spans, _) = Track("B1 A 1@10, E1 B 1@20, E1 A 1@30");
        Assert.Equal([("S:B", 1, 10, 20, 0), ("S:A", 1, 10, 30, 0)], spans.Select(Shape));
        Assert.Equal([SpanCut.Begin, SpanCut.None], spans.Select(span => span.Cut));
    }

    [Fact]
    public void The_same_id_in_two_traces_is_two_spans()
    {
        string parent = Directory.CreateTempSubdirectory("ringtrace-spans-").FullName;
        try
        {
            foreach (string name in new[] { "one", "two" })
            {
                using TestTrace trace = SpanTrace.Write(name == "one" ? "B1 A 1@10, E1 A 1@30" : "B1 A 1@15, E1 A 1@20");
                Directory.Move(trace.Directory, Path.Combine(parent, name));
                Directory.CreateDirectory(trace.Directory);
            }

            List<TracedSpan> spans = Track(TraceReader.Open(parent), new SpanTracker());
            Assert.Equal([("S:A", 1, 15, 20, 0), ("S:A", 1, 10, 30, 0)], spans.Select(Shape));
        }
        finally
        {
            Directory.Delete(parent, recursive: true);
        }
    }

    [Fact]
    public void Of_too_many_open_spans_the_oldest_is_given_up_and_counted()
    {
        const int Spans = 5000;
        const int MostOpen = 100;
        List<SpanTrace.Step> steps = [.. Enumerable.Range(1, Spans).Select(i => new SpanTrace.Step('B', (ulong)i, 'A', 1, (ulong)i))];
        steps.Add(new SpanTrace.Step('E', Spans, 'A', 1, Spans + 1));
        using TestTrace trace = SpanTrace.Write(steps);
        List<TracedSpan> givenUp = [];
        SpanTracker tracker = new(MostOpen) { OnGivenUp = givenUp.Add };
        List<TracedSpan> spans = Track(trace.Open(), tracker);
        Assert.Equal((Spans, SpanCut.None), ((int)spans[0].Id, spans[0].Cut));
        Assert.Equal(MostOpen, spans.Count);
        Assert.Equal(Spans - MostOpen, tracker.GivenUp);
        Assert.Equal(Enumerable.Range(1, Spans - MostOpen), givenUp.Select(span => (int)span.Id));
    }

    [Fact]
    public void An_id_that_is_taken_again_gives_up_who_had_it()
    {
        (List<TracedSpan> spans, SpanTracker tracker) = Track("B1 A 1@10, B1 A 1@20, E1 A 1@30");
        Assert.Equal([("S:A", 1, 20, 30, 0)], spans.Select(Shape));
        Assert.Equal(1, tracker.GivenUp);
    }

    [Fact]
    public void The_end_of_a_span_that_was_given_up_is_no_end_of_an_older_one()
    {
        const string Script = "I1 N 1@1, B1 A 1@10, B1 A 1@20, E1 A 1@30, E1 A 1@40, E1 A 1@50";
        (List<TracedSpan> spans, SpanTracker tracker) = Track(Script);
        Assert.Equal([("S:A", 1, 20, 30, 0), ("S:A", 1, 10, 20, 0), ("S:A", 1, 1, 50, 0)], spans.Select(Shape));
        Assert.Equal([SpanCut.None, SpanCut.End, SpanCut.Begin], spans.Select(span => span.Cut));
        Assert.Equal((1, 1), (tracker.GivenUp, tracker.CutAtBegin));

        using TestTrace trace = SpanTrace.Write(Script);
        (PerfettoFile file, PerfettoSummary summary) = PerfettoFile.Convert(trace.Open());
        Assert.Equal(
            [(1, 50, "begin"), (10, 20, "end"), (20, 30, "")],
            file.Slices.Select(slice => ((int)slice.Begin, (int)slice.End, slice.Cut)).Order());
        Assert.Equal((3, 1, 1, 0), (summary.Slices, summary.GivenUp, summary.CutAtBegin, summary.LeftOut));
    }

    [Fact]
    public void Of_spans_that_were_given_up_as_many_are_remembered_as_may_be_open()
    {
        using TestTrace trace = SpanTrace.Write("I1 N 1@1, B1 A 1@10, B2 A 1@11, B3 A 1@12, E1 A 1@20, E2 A 1@21, E3 A 1@22");
        SpanTracker tracker = new(mostOpen: 1);
        List<TracedSpan> spans = Track(trace.Open(), tracker);
        Assert.Equal([SpanCut.Begin, SpanCut.End, SpanCut.None], spans.Select(span => span.Cut));
    }

    private static (List<TracedSpan> Spans, SpanTracker Tracker) Track(string script)
    {
        using TestTrace trace = SpanTrace.Write(script);
        SpanTracker tracker = new();
        return (Track(trace.Open(), tracker), tracker);
    }

    /// <summary>The spans in the order of their ends.</summary>
    internal static List<TracedSpan> Track(TraceReader reader, SpanTracker tracker)
    {
        List<TracedSpan> spans = [];
        foreach (EventView e in reader.Events())
        {
            if (tracker.Add(e) is { IsOpen: false } span)
            {
                spans.Add(span);
            }
        }

        Assert.Empty(reader.Problems);
        spans.AddRange(tracker.Finish());
        return spans;
    }

    private static (string Name, int Id, int Begin, int End, int Depth) Shape(TracedSpan span) =>
        (span.Name, (int)span.Id, (int)Ticks(span.Begin), (int)Ticks(span.End), span.Depth);

    private static long Ticks(long time) => time - TestTrace.Nanoseconds(0);
}
