using System.Diagnostics;
using RingTrace.Attach.Tests;
using RingTrace.Formats;
using RingTrace.Pipeline.Hashing;
using RingTrace.Pipeline.Statistics;
using Xunit;

namespace RingTrace.Pipeline.Tests.Rings;

/// <summary>Rings of a process that runs, is killed, ends or is told to be quiet; and of one that is dead.</summary>
public sealed class LiveRingTests : IDisposable
{
    private static readonly TimeSpan Bound = BlockingList<int>.Bound;

    private readonly string _directory = Directory.CreateTempSubdirectory("ringtrace-pipeline-").FullName;

    public static TheoryData<int, bool> Ways => [(1, false), (2, false), (3, true)];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_a_process_writes_is_reported_though_nothing_more_is_written(int threads, bool hashed)
    {
        using TargetProcess target = TargetProcess.Start(_directory);
        using Following following = new(Open(target, threads, hashed));
        for (int i = 1; i <= 5; i++)
        {
            target.Ask("write 100");
            long written = Stopwatch.GetTimestamp();
            Assert.True(following.WaitFor(i * 100), $"{following.Seen} of {i * 100} events");
            TestContext.Current.TestOutputHelper?.WriteLine($"reported {Stopwatch.GetElapsedTime(written).TotalMilliseconds:f0} ms later");
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Every_event_of_a_busy_process_comes_once_and_in_order(int threads, bool hashed)
    {
        using TargetProcess target = TargetProcess.Start(_directory, "--threads", "2", "--mode", "discard", "--memory", $"{Environment.ProcessorCount * (32L << 20)}");
        using Following following = new(Open(target, threads, hashed));
        target.Ask("spin 200000");
        Assert.True(following.WaitFor(100_000));
        long[] written = [.. target.Ask("stop").Split(' ')[1..].Select(long.Parse)];
        Assert.True(following.WaitFor((int)written.Sum()), $"{following.Seen} of {written.Sum()}");
        following.Pipeline.Stop();
        following.AssertInOrder();
        Assert.Equal(written, Enumerable.Range(0, 2).Select(following.CountOf));
        PipelineStatistics statistics = following.Pipeline.Statistics;
        Assert.Equal(written.Sum(), statistics.Processed);
        Assert.Equal(0, statistics.Dropped);
        Assert.Equal(0, statistics.Overwritten);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Of_a_process_that_is_killed_all_is_reported_and_then_that_it_died(int threads, bool hashed)
    {
        using TargetProcess target = TargetProcess.Start(_directory);
        using Following following = new(Open(target, threads, hashed));
        target.Ask("write 5000");
        target.Kill();
        PipelineException error = Assert.Throws<PipelineException>(() => following.Pipeline.Wait(Bound));
        Assert.Contains($"Process {target.Id} died", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(PipelineState.Finished, following.Pipeline.State);
        Assert.Equal(5000, following.Seen);
        following.AssertInOrder();
    }

    [Fact]
    public void A_process_that_ends_in_order_ends_the_pipeline()
    {
        using TargetProcess target = TargetProcess.Start(_directory);
        using Following following = new(Open(target, 2, hashed: false));
        target.Ask("write 1000");
        Assert.True(following.WaitFor(1));
        Assert.Equal("ended", target.Ask("end"));
        Assert.True(following.Pipeline.Wait(Bound));
        Assert.Equal(1000, following.Seen);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_a_dead_process_left_is_read_to_its_end(int threads, bool hashed)
    {
        using TargetProcess target = TargetProcess.Start(_directory);
        target.Ask("write 3000");
        target.Kill();
        string file = Assert.Single(Directory.GetFiles(_directory, "*.ring"));
        using Following following = new(PacketPipeline.Open($"ringtrace:{file}").WithThreads(threads).HashedBy(hashed ? Hasher.ByThread() : null));
        Assert.True(following.Pipeline.Wait(Bound));
        Assert.Equal(3000, following.Seen);
        following.AssertInOrder();
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void What_is_damaged_of_a_dead_ring_is_told_in_bytes(int threads, bool hashed)
    {
        using TargetProcess target = TargetProcess.Start(_directory, "--threads", "2", "--memory", "1048576");
        target.Ask("write 20000");
        target.Kill();
        string file = Assert.Single(Directory.GetFiles(_directory, "*.ring"));
        Spoil(file, packet: 2);
        using Following following = new(PacketPipeline.Open($"ringtrace:{file}").WithThreads(threads).HashedBy(hashed ? Hasher.ByThread() : null));
        Assert.True(following.Pipeline.Wait(Bound));
        PipelineStatistics statistics = following.Pipeline.Statistics;
        Assert.InRange(statistics.LeftOutBytes, 1024, 1 << 20);
        Assert.Equal(following.Seen, statistics.Processed);
        Assert.Empty(statistics.LostBy);
    }

    [Fact]
    public void A_pipeline_may_begin_with_what_the_rings_hold()
    {
        using TargetProcess target = TargetProcess.Start(_directory);
        target.Ask("write 700");
        using Following following = new(Open(target, 2, hashed: false).FromOldest());
        Assert.True(following.WaitFor(700));
        target.Ask("write 300");
        Assert.True(following.WaitFor(1000));
    }

    [Fact]
    public void A_pipeline_on_a_quiet_process_pauses_and_stops_at_once()
    {
        using TargetProcess target = TargetProcess.Start(_directory);
        using Following following = new(Open(target, 2, hashed: false));
        following.Pipeline.Pause();
        Assert.Equal(PipelineState.Paused, following.Pipeline.State);
        target.Ask("write 10");
        following.Pipeline.Resume();
        Assert.True(following.WaitFor(10));
        following.Pipeline.Stop();
        Assert.Equal(PipelineState.Finished, following.Pipeline.State);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_recorder_of_this_process_is_a_source(int threads, bool hashed)
    {
        using FlightRecorder recorder = FlightRecorder.Start(new FlightRecorderOptions
        {
            Name = "inside",
            Directory = _directory,
            MemoryBytes = 4 << 20,
            BindAllProviders = false,
        });
        recorder.Add(TestEvents.Provider);
        using Following following = new(PacketPipeline.Open(recorder).WithThreads(threads).HashedBy(hashed ? Hasher.ByField("worker") : null));
        System.Threading.Tasks.Parallel.For(0, 2, worker =>
        {
            for (int i = 0; i < 2000; i++)
            {
                TestEvents.Tick(i, worker);
            }
        });
        Assert.True(following.WaitFor(4000), $"{following.Seen}");
        TestEvents.Tick(2000, 0);
        recorder.Dispose();
        Assert.True(following.Pipeline.Wait(Bound));
        Assert.Equal(4001, following.Seen);
        following.AssertInOrder();
    }

    [Fact]
    public void A_number_that_is_no_process_is_an_error_when_it_is_opened()
    {
        IOException error = Assert.ThrowsAny<IOException>(() => new Following(PacketPipeline.Open("ringtrace:999999999")));
        Assert.Contains("999999999", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Spoils the header of the packet that comes so many packets after the first in a region's file.</summary>
    private static void Spoil(string file, int packet)
    {
        const int Page = 4096;
        byte[] magic = [0xC1, 0x1F, 0xFC, 0xC1];
        byte[] bytes = File.ReadAllBytes(file);
        int at = Enumerable.Range(0, bytes.Length / Page).Select(page => page * Page)
            .Where(begin => bytes.AsSpan(begin, magic.Length).SequenceEqual(magic)).ElementAt(packet);
        using FileStream stream = File.OpenWrite(file);
        stream.Position = at;
        stream.Write(new byte[magic.Length]);
    }

    private static PipelineBuilder Open(TargetProcess target, int threads, bool hashed) =>
        PacketPipeline.Open($"ringtrace:{target.Name}").WithThreads(threads).HashedBy(hashed ? Hasher.ByThread() : null);

    /// <summary>A pipeline that runs, and the ticks that it has reported.</summary>
    private sealed class Following : IDisposable
    {
        private readonly BlockingList<(long Number, int Worker, long Time)> _ticks = new();

        public Following(PipelineBuilder pipeline)
        {
            Pipeline = pipeline.Process(() => new Ticks()).Ordered().Report((in Result<(long, int, long)> result) => _ticks.Add(result.Value));
            Pipeline.Start();
        }

        public Pipeline<(long, int, long)> Pipeline { get; }

        public int Seen => _ticks.Count;

        public bool WaitFor(int count) => _ticks.WaitFor(count);

        public long CountOf(int worker) => _ticks.Items.Count(tick => tick.Worker == worker);

        /// <summary>Times never go back, and each worker's numbers are without gaps.</summary>
        public void AssertInOrder()
        {
            // A writer of classic rings that loses its CPU between the clock and the ring, and for long, is late.
            bool mayBeLate = Environment.GetEnvironmentVariable("RINGTRACE_WRITER") == "classic";
            long[] times = [.. _ticks.Items.Select(tick => tick.Time)];
            Assert.InRange(times.Zip(times.Skip(1)).Count(pair => pair.Second < pair.First), 0, mayBeLate ? times.Length / 1000 : 0);
            foreach (IGrouping<int, (long Number, int, long)> worker in _ticks.Items.GroupBy(tick => tick.Worker))
            {
                IEnumerable<long> numbers = worker.Select(tick => tick.Number);
                Assert.Equal(Enumerable.Range(0, worker.Count()).Select(i => (long)i), mayBeLate ? numbers.Order() : numbers);
            }
        }

        public void Dispose() => Pipeline.Dispose();
    }

    private sealed class Ticks : PacketProcessor<(long Number, int Worker, long Time)>
    {
        public override void OnPacket(in Packets.Packet packet)
        {
        }

        public override void OnEvent(in EventView item) =>
            Context.Publish((item.GetInt64("number"), (int)item.GetInt64("worker"), item.Timestamp));
    }
}

/// <summary>What the tests record in their own process.</summary>
[TraceProvider("Test")]
internal static partial class TestEvents
{
    /// <summary>One of a worker's events.</summary>
    [TraceEvent]
    public static partial void Tick(long number, int worker);
}
