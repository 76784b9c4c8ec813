using System.Globalization;
using RingTrace.Buffers;
using RingTrace.Formats;
using RingTrace.Tests.Events;
using RingTrace.Tests.Recorder;
using Xunit;

namespace RingTrace.Tests.Snapshot;

/// <summary>What a trace says of time, with every clock.</summary>
public sealed class SnapshotClockTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly EnvironmentVariable _clock = new("RINGTRACE_CLOCK", null);

    public void Dispose()
    {
        _clock.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(ClockKind.Monotonic)]
    [InlineData(ClockKind.Tsc)]
    [InlineData(ClockKind.Coarse)]
    public void The_open_packet_ends_now_and_belongs_to_any_window(ClockKind clock)
    {
        using FlightRecorder recorder = Start(clock);
        for (int round = 0; round < 20; round++)
        {
            for (int i = 0; i < 100; i++)
            {
                TestEvents.Small(i, i);
            }

            SnapshotResult all = recorder.Snapshot(_directory[$"all-{round}"]);
            SnapshotResult now = recorder.Snapshot(_directory[$"now-{round}"], TimeSpan.Zero);
            Assert.NotEqual(0, all.Bytes);
            Assert.All(
                all.Streams.Zip(now.Streams).Where(pair => pair.First.Packets > 0),
                pair => Assert.InRange(pair.Second.Packets, 1, pair.First.Packets));
            Assert.NotEmpty(recorder.Snapshot(_directory[$"ever-{round}"], TimeSpan.MaxValue).Streams);
        }
    }

    [Theory]
    [InlineData(ClockKind.Monotonic)]
    [InlineData(ClockKind.Tsc)]
    [InlineData(ClockKind.Coarse)]
    public void A_packet_ends_no_earlier_than_its_last_event_and_times_never_fall(ClockKind clock)
    {
        using FlightRecorder recorder = Start(clock);
        for (int i = 0; i < 5_000; i++)
        {
            TestEvents.Small(i, i);
        }

        SnapshotResult result = recorder.Snapshot(_directory["trace"]);
        Dictionary<string, ulong> last = [];
        int count = 0;
        foreach (EventView e in TraceReader.Open(result.Path).Events())
        {
            FieldsView packet = e.PacketContext;
            Assert.InRange(
                e.Ticks,
                packet.GetUInt64(packet.IndexOf("timestamp_begin")),
                packet.GetUInt64(packet.IndexOf("timestamp_end")));
            string stream = e.Stream.ToString()!;
            Assert.True(e.Ticks >= last.GetValueOrDefault(stream), $"time falls in {stream}");
            last[stream] = e.Ticks;
            count++;
        }

        Assert.Equal(5_000, count);
    }

    [Theory]
    [InlineData(ClockKind.Monotonic)]
    [InlineData(ClockKind.Tsc)]
    [InlineData(ClockKind.Coarse)]
    public void The_clock_pairs_are_in_the_trace_and_its_offset_is_from_the_last(ClockKind clock)
    {
        using FlightRecorder recorder = Start(clock);
        TestEvents.Small(1, 1);
        SnapshotResult result = recorder.Snapshot(_directory["trace"]);
        TraceInfo info = TraceReader.Open(result.Path).Traces[0];
        ClockPair[] pairs = [.. info.Environment["ringtrace_clock_pairs"].Text!.Split(' ').Select(Parse)];
        Assert.InRange(pairs.Length, 2, RegionHeader.MaxClockPairs + 1);
        Assert.Equal(pairs.OrderBy(pair => pair.Monotonic), pairs);
        ClockInfo told = Assert.Single(info.Clocks);
        long ofLast = told.ToNanoseconds(pairs[^1].Clock);
        Assert.InRange(ofLast, pairs[^1].Realtime - 2, pairs[^1].Realtime + 2);
        Assert.Equal((clock == ClockKind.Tsc ? recorder.Region!.ClockFrequency : 1_000_000_000ul), told.Frequency);

        static ClockPair Parse(string text)
        {
            string[] parts = text.Split(',');
            Assert.Equal(3, parts.Length);
            return new ClockPair(
                ulong.Parse(parts[0], CultureInfo.InvariantCulture),
                long.Parse(parts[1], CultureInfo.InvariantCulture),
                long.Parse(parts[2], CultureInfo.InvariantCulture));
        }
    }

    [Fact]
    public void No_more_than_the_last_pairs_are_kept()
    {
        List<ClockPair> taken = [];
        using FlightRecorder recorder = Start(ClockKind.Monotonic);
        RingRegion region = recorder.Region!;
        Assert.Single(region.ClockPairs());
        for (int i = 0; i < 1_000; i++)
        {
            taken.Add(region.AddClockPair());
        }

        // They are too young to be kept, all but a few; each that is kept is one that was handed out.
        IReadOnlyList<ClockPair> kept = region.ClockPairs();
        Assert.InRange(kept.Count, 1, RegionHeader.MaxClockPairs);
        Assert.All(kept.Skip(1), pair => Assert.Contains(pair, taken));
    }

    /// <summary>Two recorders of one process with clocks of different rates: their events interleave as they happened.</summary>
    [Fact]
    public void Traces_of_one_boot_merge_whatever_their_clocks()
    {
        SelectionTests.SkipWhatIsNotHere(WriterKind.Classic, ClockKind.Tsc);
        using FlightRecorder one = Start(ClockKind.Tsc, bindAll: false);
        using FlightRecorder two = Start(ClockKind.Monotonic, bindAll: false);
        TraceProvider first = new("First"), second = new("Second");
        EventSite inOne = first.AddEvent("E", TraceLevel.Info, EventKind.Instant, new EventField("n", FieldType.Int64));
        EventSite inTwo = second.AddEvent("E", TraceLevel.Info, EventKind.Instant, new EventField("n", FieldType.Int64));
        one.Add(first);
        two.Add(second);
        for (long i = 0; i < 200; i++)
        {
            (i % 2 == 0 ? inOne : inTwo).Write(in i);
            Spin(microseconds: 500);
        }

        one.Snapshot(_directory["both/one"]);
        two.Snapshot(_directory["both/two"]);
        (string[] lines, string errors) = Babeltrace.Read(_directory["both"]);
        Assert.Empty(errors);
        Assert.Equal(
            Enumerable.Range(0, 200).Select(i => $"n = {i} }}"),
            lines.Select(line => line[line.IndexOf("n = ", StringComparison.Ordinal)..].TrimEnd()));
        List<long> read = [];
        foreach (EventView e in TraceReader.Open(_directory["both"]).Events())
        {
            read.Add(e.GetInt64("n"));
        }

        Assert.Equal(Enumerable.Range(0, 200).Select(i => (long)i), read);
    }

    /// <summary>A header that says an impossible time costs nobody the snapshot.</summary>
    [Fact]
    public void A_packet_with_a_damaged_time_is_no_exception()
    {
        using FlightRecorder recorder = Start(ClockKind.Monotonic);
        for (int i = 0; i < 2_000; i++)
        {
            TestEvents.Small(i, i);
        }

        using (FileStream file = new(recorder.RingPath!, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            byte[] all = new byte[file.Length];
            file.ReadExactly(all);
            for (int at = 0; at < all.Length; at += 4096)
            {
                if (BitConverter.ToUInt32(all, at) == PacketHeader.MagicValue)
                {
                    file.Position = at + PacketHeader.BeginOffset;
                    file.Write(BitConverter.GetBytes(ulong.MaxValue / 2));
                    file.Write(BitConverter.GetBytes(ulong.MaxValue));
                }
            }
        }

        SnapshotResult result = recorder.Snapshot(_directory["trace"]);
        Assert.NotEqual(0, result.Bytes);
        Assert.All(result.Streams.Where(stream => stream.Packets > 0), stream => Assert.True(stream.First > result.Taken));
    }

    private FlightRecorder Start(ClockKind clock, bool bindAll = true)
    {
        SelectionTests.SkipWhatIsNotHere(WriterKind.Classic, clock);
        ChannelOptions channel = new() { SubBufferSize = 4096, SubBufferCount = 256 };
        return FlightRecorder.Start(_directory.Recorder(channel) with { Clock = clock, BindAllProviders = bindAll });
    }

    private static void Spin(int microseconds)
    {
        long begin = System.Diagnostics.Stopwatch.GetTimestamp();
        while (System.Diagnostics.Stopwatch.GetElapsedTime(begin).TotalMicroseconds < microseconds)
        {
        }
    }
}
