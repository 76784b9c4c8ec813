using FsCheck;
using FsCheck.Fluent;
using RingTrace.Formats.Merging;
using Xunit;

namespace RingTrace.Formats.Tests.Merging;

/// <summary>Traces of several processes on one timeline; babeltrace2 is the judge.</summary>
public sealed class MergeTests : IDisposable
{
    private const string Boot = "8d6a4f1c-9f44-4e31-9b6e-6a1b5f1f8c11";
    private const ulong Rate = 2_000_000_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("ringtrace-merge-").FullName;
    private readonly List<TestTrace> _traces = [];

    private string Output => Path.Combine(_folder, "out");

    public void Dispose()
    {
        _traces.ForEach(trace => trace.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Traces_that_read_one_counter_come_in_the_order_of_its_ticks() => Prop.ForAll<int>(seed =>
    {
        // Each measured the rate for itself, and looked at the calendar at another moment.
        Random random = new(seed);
        List<string> directories = [];
        for (int i = random.Next(2, 5); i > 0; i--)
        {
            ulong rate = Rate + (ulong)random.Next(20_000);
            TestTrace trace = Trace(Guid.NewGuid(), "tsc", rate, random.Next(1000), Pair(0, 5), Pair((ulong)random.Next(1, 9) * Rate, 5));
            ulong time = (ulong)random.NextInt64(1L << 33);
            TestPacket packet = Packet(trace, time, time + 1_000_000);
            for (int e = random.Next(30); e > 0; e--)
            {
                packet.Event(0, time += (ulong)random.Next(1000), i);
            }

            trace.Write("cpu0", packet);
            directories.Add(trace.Directory);
        }

        long events = directories.Sum(directory => Ticks(directory).Count);
        string output = Path.Combine(_folder, $"out{seed}-{Guid.NewGuid():N}");
        MergeReport report = Merge(directories, output);
        List<ulong> ticks = Ticks(output);
        Assert.Equal(events, ticks.Count);
        Assert.Equal(ticks.Order(), ticks);
        Assert.True(report.IsOneClock);
        Assert.Equal(0, report.Boots[0].TieNanoseconds);
        Assert.Empty(report.Problems);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Two_clocks_of_one_boot_are_tied_by_their_pairs()
    {
        // Both saw the calendar 3 ms apart; CLOCK_MONOTONIC knows better.
        TestTrace counter = Trace(Guid.NewGuid(), "tsc", Rate, 500, Pair(0, 0), Pair(2 * Rate, 0));
        counter.Write("cpu0", Packet(counter, 0, 3 * Rate).Event(0, Rate, 1).Event(0, Rate + (Rate / 1_000_000), 1));
        TestTrace steady = Trace(Guid.NewGuid(), "monotonic", 1_000_000_000, 3_000_500, "1,1,3000001");
        steady.Write("cpu0", Packet(steady, 0, 3_000_000_000).Event(1, 1_000_000_500, 2));

        MergeReport report = Merge([steady.Directory, counter.Directory], Output);
        List<(string Name, long Time)> events = Events(Output);
        Assert.Equal(["P:A", "P:B", "P:A"], events.Select(item => item.Name));
        Assert.InRange(events[1].Time - events[0].Time, 499, 501);
        Assert.Equal(counter.Directory, report.Boots[0].Reference);
        Assert.InRange(report.Boots[0].TieNanoseconds!.Value, 0, 1);
        Assert.InRange(report.Traces.Single(trace => trace.Clock == "monotonic").ShiftNanoseconds, -3_000_500, -2_999_500);
        AssertBabeltraceAgrees(3);
    }

    [Fact]
    public void Boots_and_hosts_stand_side_by_side_by_their_calendars()
    {
        TestTrace here = Trace(Guid.NewGuid(), "tsc", Rate, 0, Pair(0, 0));
        here.Write("cpu0", Packet(here, 0, 9 * Rate).Event(0, Rate, 1).Event(0, 3 * Rate, 1));
        TestTrace there = Trace(Guid.NewGuid(), "monotonic", 1_000_000_000, 0, "0,0,250");
        there.Metadata = there.Metadata.Replace(Boot, Guid.NewGuid().ToString(), StringComparison.Ordinal);
        there.Write("cpu0", Packet(there, 0, 9_000_000_000).Event(1, 2_000_000_000, 2));

        MergeReport report = Merge([here.Directory, there.Directory], Output);
        Assert.Equal(["P:A", "P:B", "P:A"], Events(Output).Select(item => item.Name));
        Assert.Empty(TraceReader.Open(Output).Problems);
        Assert.False(report.IsOneClock);
        Assert.Equal(2, report.Boots.Count);
        AssertBabeltraceAgrees(3);
    }

    [Fact]
    public void Overlapping_snapshots_of_one_process_show_each_packet_once_and_the_fuller_one()
    {
        Guid uuid = Guid.NewGuid();
        TestTrace first = Trace(uuid, "tsc", Rate, 0, Pair(0, 0));
        first.Write("ring-0_0", Whole(first, 1), Whole(first, 2), Packet(first, 300, 310, 3).Event(0, 301, 1));
        TestTrace second = Trace(uuid, "tsc", Rate, 0, Pair(0, 0), Pair(Rate, 0));
        second.Write("ring-0_0", Whole(second, 2), Whole(second, 3), Whole(second, 4));

        MergeReport report = Merge([second.Directory, first.Directory], Output);
        Assert.Equal([101, 102, 201, 202, 301, 302, 401, 402], Ticks(Output));
        MergedTrace merged = Assert.Single(report.Traces);
        Assert.Equal((4, 2), (merged.Packets, merged.DoubledPackets));
        Assert.False(TraceReader.Open(Output).Losses.Any);
        AssertBabeltraceAgrees(8);
    }

    [Fact]
    public void A_trace_that_is_named_twice_is_there_once()
    {
        TestTrace trace = Trace(Guid.NewGuid(), "tsc", Rate, 0, Pair(0, 0));
        trace.Write("cpu0", Whole(trace, 1));
        Assert.Single(Merge([trace.Directory, trace.Directory + "/", trace.Directory], Output).Traces);
        Assert.Equal(2, Ticks(Output).Count);
    }

    [Fact]
    public void Folders_of_one_name_get_different_ones()
    {
        List<string> directories = [];
        foreach (string host in (string[])["a", "b"])
        {
            TestTrace trace = Trace(Guid.NewGuid(), "tsc", Rate, 0, Pair(0, 0));
            trace.Write("cpu0", Whole(trace, 1));
            string moved = Path.Combine(_folder, host, "crash");
            Directory.CreateDirectory(Path.GetDirectoryName(moved)!);
            Directory.Move(trace.Directory, moved);
            Directory.CreateDirectory(trace.Directory);
            directories.Add(moved);
        }

        Assert.Equal(["crash", "crash-2"], Merge(directories, Output).Traces.Select(trace => trace.Name));
        Assert.Equal(2, TraceReader.Open(Output).Traces.Count);
    }

    [Fact]
    public void A_clock_that_does_not_say_which_it_is_is_refused()
    {
        TestTrace trace = Trace(Guid.NewGuid(), "tsc", Rate, 0, Pair(0, 0));
        trace.Metadata = trace.Metadata.Replace($"uuid = \"{Boot}\";", "", StringComparison.Ordinal);
        trace.Write("cpu0", Whole(trace, 1));
        MergeException refused = Assert.Throws<MergeException>(() => Merge([trace.Directory], Output));
        Assert.Contains($"{trace.Directory} cannot be merged: it does not say which clock", refused.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(Output));
    }

    [Fact]
    public void Traces_of_one_uuid_that_contradict_each_other_are_refused()
    {
        Guid uuid = Guid.NewGuid();
        TestTrace first = Trace(uuid, "tsc", Rate, 0, Pair(0, 0));
        first.Write("cpu0", Whole(first, 1));
        TestTrace second = Trace(uuid, "tsc", Rate, 0, Pair(0, 0));
        second.Metadata = second.Metadata.Replace("P:A", "P:Other", StringComparison.Ordinal);
        second.Write("cpu0", Whole(second, 2));
        MergeException refused = Assert.Throws<MergeException>(() => Merge([first.Directory, second.Directory], Output));
        Assert.Contains("merge only one", refused.Message, StringComparison.Ordinal);
    }

    private static MergeReport Merge(IReadOnlyList<string> directories, string output) =>
        TraceMerger.Merge(directories, output, bytesCopied: null, TestContext.Current.CancellationToken);

    /// <summary>An instant at which the counter, CLOCK_MONOTONIC and a calendar agree that it is so long after the start.</summary>
    private static string Pair(ulong ticks, long ahead)
    {
        ulong monotonic = ticks * 1_000_000_000 / Rate;
        return $"{ticks},{monotonic},{(TestTrace.OffsetSeconds * 1_000_000_000) + (long)monotonic + ahead}";
    }

    private static TestPacket Packet(TestTrace trace, ulong begin, ulong end, ulong sequence = 0) =>
        new(begin, end, sequence, uuid: TraceInfo.Parse(trace.Metadata, "test").Uuid);

    /// <summary>The packet with a number, and two events.</summary>
    private static TestPacket Whole(TestTrace trace, uint number) =>
        Packet(trace, number * 100, (number * 100) + 90, number).Event(0, (number * 100) + 1, 1).Event(0, (number * 100) + 2, 1);

    private static List<ulong> Ticks(string directory)
    {
        List<ulong> ticks = [];
        foreach (EventView item in TraceReader.Open(directory).Events())
        {
            ticks.Add(item.Ticks);
        }

        return ticks;
    }

    private static List<(string Name, long Time)> Events(string directory)
    {
        List<(string, long)> events = [];
        foreach (EventView item in TraceReader.Open(directory).Events())
        {
            events.Add((item.Name, item.Timestamp));
        }

        return events;
    }

    private void AssertBabeltraceAgrees(int events)
    {
        Babeltrace.SkipWithout();
        List<string> lines = Babeltrace.Lines(Output);
        Assert.Equal(events, lines.Count);
        Assert.Equal(lines, EventLines.Of(TraceReader.Open(Output)));
    }

    private TestTrace Trace(Guid uuid, string clock, ulong frequency, long offset, params string[] pairs)
    {
        TestTrace trace = new(TestTrace.Event(0, "P:A", "") + TestTrace.Event(1, "P:B", ""));
        trace.Metadata = trace.Metadata
            .Replace(TestTrace.Uuid.ToString(), uuid.ToString(), StringComparison.Ordinal)
            .Replace("vpid = 42;", $"""vpid = 42; ringtrace_clock = "{clock}"; ringtrace_clock_pairs = "{string.Join(' ', pairs)}";""",
                StringComparison.Ordinal)
            .Replace("freq = 1000000000;", $"freq = {frequency};", StringComparison.Ordinal)
            .Replace("offset = 500;", $"offset = {offset};", StringComparison.Ordinal);
        _traces.Add(trace);
        return trace;
    }
}
