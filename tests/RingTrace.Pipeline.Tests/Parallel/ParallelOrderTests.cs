using RingTrace.Formats;
using RingTrace.Formats.Tests;
using RingTrace.Pipeline.Statistics;
using Xunit;

namespace RingTrace.Pipeline.Tests.Parallel;

/// <summary>Rings that are read in parallel: each thread decodes its own streams, and together they give what one thread would.</summary>
public class ParallelOrderTests
{
    public static TheoryData<int> Threads => [1, 2, 3, 4, 8, 16];

    [Theory]
    [MemberData(nameof(Threads))]
    public void The_ordered_combiner_gives_what_one_thread_would(int threads)
    {
        for (int seed = 0; seed < 50; seed++)
        {
            ScriptedFeed feed = ScriptedFeed.Make(seed, streams: 1 + (seed % 9));
            Keeper keeper = new();
            PipelineStatistics statistics = Run(feed, threads, keeper, () => new Numbers { Work = Stumble });
            Assert.Equal(feed.Events.Select(item => item.Number), keeper.Values);
            Assert.Equal((feed.Events.Count, 0, 0), (statistics.Processed, statistics.Discarded, statistics.Late));
            Assert.Equal(0, feed.Out);
        }
    }

    [Theory]
    [MemberData(nameof(Threads))]
    public void Unordered_results_are_all_there_once_and_those_of_a_stream_come_from_one_thread_in_order(int threads)
    {
        ScriptedFeed feed = ScriptedFeed.Make(seed: 1, streams: 7);
        List<Result<long>> results = [];
        using Pipeline<long> pipeline = feed.Open(threads).Process(() => new Numbers())
            .Report((in Result<long> result) => results.Add(result));
        pipeline.Run(TestContext.Current.CancellationToken);
        Assert.Equal(feed.Events.Select(item => item.Number).Order(), results.Select(result => result.Value).Order());
        foreach (IGrouping<int, Result<long>> stream in results.GroupBy(result => result.Stream))
        {
            Assert.Single(stream.Select(result => result.Thread).Distinct());
            Assert.Equal(stream.Select(result => result.Value).Order(), stream.Select(result => result.Value));
        }

        Assert.Equal(Math.Min(threads, 7), results.Select(result => result.Thread).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Threads))]
    public void Ticks_are_between_the_same_events_for_everybody(int threads)
    {
        const int Interval = 1000;
        ScriptedFeed feed = ScriptedFeed.Make(seed: 3, streams: 5);
        Keeper keeper = new();
        List<Numbers> all = [];
        using Pipeline<long> pipeline = feed.Open(threads).TickEvery(TimeSpan.FromMicroseconds(1)).Process(() =>
        {
            all.Add(new Numbers());
            return all[^1];
        }).Ordered().Report(keeper);
        pipeline.Run(TestContext.Current.CancellationToken);

        long[] times = [.. feed.Events.Select(item => TestTrace.Nanoseconds(item.Ticks))];
        long boundary = times[0] - (times[0] % Interval);
        List<string> ticks = [];
        while ((boundary += Interval) <= times[^1])
        {
            ticks.Add($"tick {ticks.Count + 1} after {times.Count(time => time < boundary)}");
        }

        Assert.True(ticks.Count > 5);
        Assert.Equal(["starting", "resuming", "first", .. ticks, "pausing", "stopping"], keeper.Calls);
        string[] calls = ["starting", "resuming", "first", .. ticks.Select(tick => tick.Split(" after")[0]), "pausing", "stopping"];
        Assert.All(all, thread => Assert.Equal(calls, thread.Calls));
    }

    [Fact]
    public void An_event_that_comes_too_late_is_given_out_at_once_and_counted()
    {
        ScriptedFeed feed = ScriptedFeed.Make(seed: 5);
        feed.Spoil(3, new TestPacket(1, 2).Event(0, 1, 0, bytes => bytes.U64(1_000_000)).ToArray(), ulong.MaxValue);
        Keeper keeper = new();
        PipelineStatistics statistics = Run(feed, 3, keeper, () => new Numbers());
        Assert.Equal(1, statistics.Late);
        Assert.True(keeper.Values.Remove(1_000_000));
        Assert.Equal(feed.Events.Select(item => item.Number), keeper.Values);
    }

    [Fact]
    public void A_packet_that_is_cut_ends_its_events_and_no_others_and_is_told_at_the_end()
    {
        ScriptedFeed feed = ScriptedFeed.Make(seed: 6);
        byte[] packet = new TestPacket(1 << 20, 2 << 20).Event(0, 1 << 20, 0, bytes => bytes.U64(1_000_000)).Event(0, 2 << 20, 0).ToArray();
        feed.Spoil(3, packet, ulong.MaxValue);
        feed.Spoil(3, packet.AsMemory(0, 60), ulong.MaxValue);
        Keeper keeper = new();
        using Pipeline<long> pipeline = feed.Open(3).Process(() => new Numbers()).Ordered().Report(keeper);
        PipelineException error = Assert.Throws<PipelineException>(() => pipeline.Run(TestContext.Current.CancellationToken));
        Assert.Contains("scripted, stream 3", error.Message, StringComparison.Ordinal);
        Assert.Equal([.. feed.Events.Select(item => item.Number), 1_000_000], keeper.Values);
        Assert.Equal(2, pipeline.Statistics.Errors);
        Assert.Equal(0, feed.Out);
    }

    [Fact]
    public void An_event_and_its_packet_allocate_nothing()
    {
        const int Events = 60_000;
        ScriptedFeed feed = ScriptedFeed.Make(seed: 7, streams: 2, events: Events, visits: 1);
        List<Measuring> threads = [];
        int collections = GC.CollectionCount(0);
        using Pipeline<long> pipeline = feed.Open(2).Process(() =>
        {
            threads.Add(new Measuring());
            return threads[^1];
        }).Report((in Result<long> _) => { });
        pipeline.Run(TestContext.Current.CancellationToken);
        Assert.All(threads, thread => Assert.True(thread.Events > 1000));

        // A larger packet needs a larger window, once; there are hundreds of packets. Collections, which other tests set off, show as well.
        int most = 10 + GC.CollectionCount(0) - collections;
        Assert.All(threads, thread => Assert.InRange(thread.Allocations, 0, most));
    }

    private static PipelineStatistics Run(ScriptedFeed feed, int threads, Keeper keeper, Func<Numbers> processor)
    {
        using Pipeline<long> pipeline = feed.Open(threads).Process(processor).Ordered().Report(keeper);
        return pipeline.Run(TestContext.Current.CancellationToken);
    }

    /// <summary>Some events take longer, in no order.</summary>
    private static void Stumble(long number)
    {
        if (number % 97 == 0)
        {
            Thread.SpinWait(2_000);
        }
    }

    /// <summary>Watches what is allocated between its events, of one visit.</summary>
    private sealed class Measuring : PacketProcessor<long>
    {
        private long _before;

        public int Events { get; private set; }

        /// <summary>How often something was allocated since the event before.</summary>
        public int Allocations { get; private set; }

        public override void OnPacket(in Packets.Packet packet)
        {
        }

        public override void OnEvent(in EventView item)
        {
            Context.Publish(item.GetInt64(0));
            long now = GC.GetAllocatedBytesForCurrentThread();
            Allocations += ++Events > 1000 && _before != now ? 1 : 0;
            _before = now;
        }
    }
}
