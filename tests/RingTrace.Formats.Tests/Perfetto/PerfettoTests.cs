using FsCheck;
using FsCheck.Fluent;
using RingTrace.Formats.Perfetto;
using RingTrace.Formats.Spans;
using Xunit;

namespace RingTrace.Formats.Tests;

public class PerfettoTests
{
    private const string SomeFields = "integer { size = 64; align = 8; signed = true; } _id; uint64_t _big; "
        + "floating_point { exp_dig = 11; mant_dig = 53; align = 8; } _ratio; string { encoding = UTF8; } _city; "
        + "uint32_t __blob_length; uint8_t _blob[ __blob_length ]; integer { size = 16; align = 8; signed = true; } _row[2];";

    [Fact]
    public void Whatever_the_spans_slices_are_the_spans_in_the_window() => Prop.ForAll<int>(seed =>
    {
        RandomSpans random = new(seed);
        using TestTrace trace = SpanTrace.Write(random.Steps);
        TraceReader reader = trace.Open();
        (PerfettoFile file, PerfettoSummary summary) = PerfettoFile.Convert(reader);
        Assert.Equal(random.Expected, file.Slices.Select(slice => (slice.Name, slice.Begin, slice.End, slice.Cut)).Order());
        Assert.Equal(random.Expected, Track(reader));
        Assert.Equal(random.Steps.Count, summary.Events);
        Assert.Equal(0, summary.LeftOut + summary.GivenUp);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Spans_nest_on_their_thread_and_those_that_leave_it_have_tracks_of_their_own()
    {
        using TestTrace trace = SpanTrace.Write(
            "B1 R 1@10, B2 A 1@11, B3 B 1@12, E3 B 1@13, E2 A 1@14, B4 R 1@15, B5 A 2@16, E1 R 2@17, E5 A 2@18, E4 R 1@19, B6 R 2@20, E6 R 1@21",
            "procname = \"shop\"; ringtrace_thread_1 = \"worker\";");
        (PerfettoFile file, _) = PerfettoFile.Convert(trace.Open());
        Assert.Equal(
            [
                ("S:A", "worker", 0), ("S:A", "tid 2", 0), ("S:B", "worker", 1), ("S:R", "S:R", 0), ("S:R", "S:R", 0),
                ("S:R", "S:R", 0),
            ],
            file.Slices.Select(slice => (slice.Name, file.Tracks[slice.Track].Thread?.ThreadName ?? file.Tracks[slice.Track].Name, slice.Depth))
                .OrderBy(slice => slice.Name).ThenBy(slice => slice.Depth).ThenByDescending(slice => slice.Item2));

        // A lane that is free is used again.
        Assert.Equal(2, file.Slices.Where(slice => slice.Name == "S:R").Select(slice => slice.Track).Distinct().Count());
        TrackDescriptor process = Assert.Single(file.Tracks.Values, track => track.Process is not null);
        Assert.Equal((42, "shop"), (process.Process.Pid, process.Process.ProcessName));
    }

    [Fact]
    public void What_is_cut_begins_and_ends_with_the_window_and_says_so()
    {
        using TestTrace trace = SpanTrace.Write("I1 N 1@10, E2 B 1@20, E1 A 1@30, B3 C 1@40, B4 D 1@50, I1 N 1@60");
        (PerfettoFile file, PerfettoSummary summary) = PerfettoFile.Convert(trace.Open());
        Assert.Equal(
            [
                ("S:A", 10, 30, 0, "begin"), ("S:B", 10, 20, 1, "begin"), ("S:C", 40, 60, 0, "end"), ("S:D", 50, 60, 1, "end"),
            ],
            file.Slices.Select(slice => (slice.Name, (int)slice.Begin, (int)slice.End, slice.Depth, slice.Cut)));
        Assert.Equal((4, 2, 2), (summary.Slices, summary.CutAtBegin, summary.CutAtEnd));
    }

    [Fact]
    public void Of_too_many_spans_that_began_before_the_window_the_rest_is_left_out_and_counted()
    {
        using TestTrace trace = SpanTrace.Write([new SpanTrace.Step('I', 0, 'N', 1, 0), .. Enumerable.Range(1, SpanSurvey.MostCutAtBegin + 7)
            .Select(i => new SpanTrace.Step('E', (ulong)i, 'A', 1, (ulong)i))]);
        (PerfettoFile file, PerfettoSummary summary) = PerfettoFile.Convert(trace.Open());
        Assert.Equal(SpanSurvey.MostCutAtBegin, file.Slices.Count);
        Assert.Equal(7, summary.LeftOut);
    }

    [Fact]
    public void Fields_are_arguments_of_their_type_and_level_is_a_category()
    {
        using TestTrace trace = new(TestTrace.Event(0, "P:Done", SomeFields, level: 4));
        trace.Write("cpu3", new TestPacket(0, 99, cpu: 3).Event(0, 5, 1, bytes => bytes.U64(unchecked((ulong)-3)).U64(ulong.MaxValue)
            .U64(BitConverter.DoubleToUInt64Bits(0.5)).Text("Graz").U32(2).Raw([0xAB, 0]).U16(65535).U16(7)));
        (PerfettoFile file, _) = PerfettoFile.Convert(trace.Open());
        (ulong time, string name, ulong track, Dictionary<string, DebugAnnotation> arguments) = Assert.Single(file.Instants);
        Assert.Equal((5ul, "P:Done", "tid 1"), (time, name, file.Tracks[track].Thread.ThreadName));
        Assert.Equal(["id", "big", "ratio", "city", "blob", "row"], arguments.Keys);
        Assert.Equal(-3, arguments["id"].IntValue);
        Assert.Equal(ulong.MaxValue, arguments["big"].UintValue);
        Assert.Equal(0.5, arguments["ratio"].DoubleValue);
        Assert.Equal("Graz", arguments["city"].StringValue);
        Assert.True(arguments["blob"].HasStringValue);
        Assert.Equal([-1, 7], arguments["row"].ArrayValues.Select(value => (int)value.IntValue));
        Assert.Contains(file.Packets, packet => packet.InternedData?.EventCategories.Any(text => text.Name == "warning") == true);
    }

    [Fact]
    public void Losses_are_shown_where_they_happened_and_void_what_was_interned()
    {
        using TestTrace trace = new(TestTrace.Event(0, "P:E", "uint64_t _n;"));
        trace.Write("cpu1", Packet(100, 1, 5), Packet(200, 2, 5), Packet(300, 6, 5), Packet(400, 7, 12), new TestPacket(500, 599, 9, 13, 1));
        TraceReader reader = trace.Open();
        (PerfettoFile file, PerfettoSummary summary) = PerfettoFile.Convert(reader);
        Assert.Equal([(301ul, 0, 3), (401, 7, 0), (401, 1, 1)], file.Instants.Where(item => item.Name == "lost")
            .Select(item => (item.Time, (int)item.Arguments["events"].UintValue, (int)item.Arguments["packets"].UintValue)));
        Assert.Equal(2, file.Packets.Count(packet => packet.HasPreviousPacketDropped));
        Assert.Equal(reader.Losses, summary.Losses with { EventsDiscardedBefore = reader.Losses.EventsDiscardedBefore });
        Assert.Contains(file.Tracks.Values, track => track.Name == "losses on CPU 1");

        TestPacket Packet(ulong begin, ulong number, ulong discarded) =>
            new TestPacket(begin, begin + 99, number, discarded, 1).Event(0, begin + 1, 1, bytes => bytes.U64(number));
    }

    [Fact]
    public void What_a_query_leaves_out_and_packets_without_events_are_no_losses()
    {
        using TestTrace trace = new(TestTrace.Event(0, "P:A", "uint64_t _n;") + TestTrace.Event(1, "P:B", "uint64_t _n;"));
        trace.Write("cpu1", Packet(100, 1, 0, 0), Packet(200, 2, 0, 1), new TestPacket(300, 399, 3, 0, 1), Packet(400, 4, 0, 0),
            Packet(500, 7, 6, 1), Packet(600, 8, 6, 0), Packet(700, 9, 6, 1));
        Assert.Equal([(601ul, 6, 2)], Losses(new TraceQuery { Name = "P:A" }));
        Assert.Equal([(501ul, 6, 2)], Losses(new TraceQuery { Name = "P:B" }));
        Assert.Empty(Losses(new TraceQuery { To = Time(499) }));
        Assert.Empty(Losses(new TraceQuery { From = Time(600) }));

        // The end of the window, where no event tells of it any more.
        Assert.Equal([(401ul, 6, 2)], Losses(new TraceQuery { Name = "P:A", From = Time(400), To = Time(599) }));

        List<(ulong, int, int)> Losses(TraceQuery query)
        {
            (PerfettoFile file, PerfettoSummary summary) = PerfettoFile.Convert(trace.Open(), query);
            List<(ulong Time, int Events, int Packets)> losses = [.. file.Instants.Where(item => item.Name == "lost")
                .Select(item => (item.Time, (int)item.Arguments["events"].UintValue, (int)item.Arguments["packets"].UintValue))];
            Assert.Equal((losses.Sum(loss => loss.Events), losses.Sum(loss => loss.Packets)),
                ((int)summary.Losses.EventsDiscarded, (int)summary.Losses.PacketsLost));
            return losses;
        }

        TestPacket Packet(ulong begin, ulong number, ulong discarded, uint id) =>
            new TestPacket(begin, begin + 99, number, discarded, 1).Event(id, begin + 1, 1, bytes => bytes.U64(number));

        static long Time(ulong ticks) => TestTrace.Nanoseconds(ticks);
    }

    [Fact]
    public void Times_are_the_monotonic_clocks_and_the_calendar_is_told_at_every_point()
    {
        long day = TestTrace.Nanoseconds(0);
        using TestTrace trace = SpanTrace.Write("I1 N 1@5000, I1 N 1@9000",
            $"ringtrace_clock_pairs = \"1000,71000,{day + 1100} 4000,74000,{day + 4050} 8000,78000,{day + 8000}\";");
        (PerfettoFile file, _) = PerfettoFile.Convert(trace.Open());
        Assert.Equal([75_000ul, 79_000], file.Instants.Select(item => item.Time));
        Assert.Equal(
            [(71_000ul, 71_000ul, (ulong)day + 1100), (74_000, 74_000, (ulong)day + 4050), (78_000, 78_000, (ulong)day + 8000)],
            file.Clocks.Select(clocks => (clocks[PerfettoClock.Monotonic], clocks[PerfettoClock.Boottime], clocks[PerfettoClock.Realtime])));
        TraceUuid uuid = file.Packets.Single(packet => packet.TraceUuid is not null).TraceUuid;
        Assert.Equal(TestTrace.Uuid.ToString("N"), $"{uuid.Msb:x16}{uuid.Lsb:x16}");
    }

    [Fact]
    public void Traces_of_LTTng_are_converted_too()
    {
        TraceReader reader = TraceReader.Open(Path.Combine(AppContext.BaseDirectory, "Data", "lttng-ust"));
        (PerfettoFile file, PerfettoSummary summary) = PerfettoFile.Convert(reader);
        Assert.True(summary.Events > 0);
        Assert.Equal(summary.Events, file.Instants.Count);
        Dictionary<uint, ulong> clocks = Assert.Single(file.Clocks);
        List<long> times = [];
        foreach (EventView e in reader.Events())
        {
            times.Add(e.Timestamp);
        }

        Assert.Equal(times, file.Instants.Select(item =>
            (long)(item.Time - clocks[PerfettoClock.Monotonic] + clocks[PerfettoClock.Realtime])));
    }

    [Fact]
    public void A_trace_without_events_is_a_file_without_events()
    {
        using TestTrace trace = new(TestTrace.Event(0, "P:E", ""));
        trace.Write("cpu0", new TestPacket(0, 10));
        (PerfettoFile file, PerfettoSummary summary) = PerfettoFile.Convert(trace.Open());
        Assert.Equal(0, summary.Events);
        Assert.Empty(file.Tracks);
    }

    [Fact]
    public void It_can_be_given_up()
    {
        using TestTrace trace = SpanTrace.Write([.. Enumerable.Range(1, 5000).Select(i => new SpanTrace.Step('I', 1, 'N', 1, (ulong)i))]);
        using CancellationTokenSource cancel = new();
        cancel.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => PerfettoConverter.Write(trace.Open(), null, Stream.Null, cancel: cancel.Token));
    }

    private static IEnumerable<(string Name, ulong Begin, ulong End, string Cut)> Track(TraceReader reader)
    {
        SpanTracker tracker = new();
        return SpanTrackerTests.Track(reader, tracker).Select(span => (
            span.Name, Ticks(span.Begin), Ticks(span.End),
            (span.Cut.HasFlag(SpanCut.Begin) ? "begin" : "") + (span.Cut.HasFlag(SpanCut.End) ? "end" : ""))).Order();

        static ulong Ticks(long time) => (ulong)(time - TestTrace.Nanoseconds(0));
    }
}
