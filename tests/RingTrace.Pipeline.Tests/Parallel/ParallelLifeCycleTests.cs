using RingTrace.Pipeline.Sources.Events;
using RingTrace.Pipeline.Statistics;
using Xunit;

namespace RingTrace.Pipeline.Tests.Parallel;

/// <summary>Pauses, ends and failures of rings that are read in parallel: in bounded time, with every event accounted for.</summary>
public class ParallelLifeCycleTests
{
    [Fact]
    public void Random_schedules_end_with_every_event_accounted_for()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            ScriptedFeed feed = ScriptedFeed.Make(seed, streams: 4, events: 2000);
            Random random = new(seed);
            Keeper keeper = new();
            using Pipeline<long> pipeline = feed.Open(random.Next(1, 5)).TickEvery(TimeSpan.FromMicroseconds(1))
                .Process(() => new Quiet()).Ordered().Report(keeper);
            Schedule.Run(pipeline, random, seed, mayCancel: true);
            Assert.True(SpinWait.SpinUntil(() => feed.Out == 0, Schedule.Bound), $"seed {seed} keeps {feed.Out} packets");
            PipelineStatistics statistics = pipeline.Statistics;
            Assert.Equal((0, feed.HandedOver), (statistics.Waiting, statistics.Captured));
            Assert.Equal(statistics.Processed, keeper.Values.Count);
            Assert.Equal(0, statistics.Late);
            Assert.Equal(keeper.Values, feed.Events.Select(item => item.Number).Where(keeper.Values.ToHashSet().Contains));
        }
    }

    [Fact]
    public void A_pause_reports_what_is_earlier_than_the_watermark_and_the_rest_comes_behind_it()
    {
        ScriptedFeed feed = ScriptedFeed.Make(seed: 2);
        Keeper keeper = new();
        using Pipeline<long> pipeline = feed.Open(3).Process(() => new Numbers()).Ordered().Report(keeper);
        pipeline.Start();
        pipeline.Pause();
        if (pipeline.State == PipelineState.Paused)
        {
            Assert.Equal(0, pipeline.Statistics.Waiting);
            Assert.Equal(pipeline.Statistics.Processed, keeper.Values.Count);
            Assert.Equal("pausing", keeper.Calls[^1]);
            int count = keeper.Values.Count;
            Assert.True(count == 0 || count == feed.Events.Count || feed.Events[count - 1].Ticks < feed.Events[count].Ticks);
        }

        pipeline.Resume();
        Assert.True(pipeline.Wait(Schedule.Bound));
        Assert.Equal(feed.Events.Select(item => item.Number), keeper.Values);
    }

    [Fact]
    public void A_stop_reports_all_that_was_handed_over()
    {
        ScriptedFeed feed = ScriptedFeed.Make(seed: 4);
        using Pipeline<long> pipeline = feed.Open(2).Process(() => new Numbers()).Report((in Result<long> _) => { });
        pipeline.Start();
        Assert.True(SpinWait.SpinUntil(() => pipeline.Statistics.Processed > 0, Schedule.Bound));
        pipeline.Stop();
        Assert.Equal(0, pipeline.Statistics.Waiting);
        Assert.True(SpinWait.SpinUntil(() => feed.Out == 0, Schedule.Bound));
        Assert.Equal(feed.HandedOver, pipeline.Statistics.Captured);
    }

    [Fact]
    public void A_processor_that_throws_ends_the_pipeline_and_names_the_event()
    {
        ScriptedFeed feed = ScriptedFeed.Make(seed: 8);
        Keeper keeper = new();
        long bad = feed.Events[777].Number;
        using Pipeline<long> pipeline = feed.Open(3)
            .Process(() => new Numbers { Work = number => _ = number == bad ? throw new FormatException("odd") : 0 }).Ordered().Report(keeper);
        PipelineException error = Assert.Throws<PipelineException>(() => pipeline.Run(TestContext.Current.CancellationToken));
        Assert.Contains($"event P:E of stream {feed.Events[777].Stream}", error.Message, StringComparison.Ordinal);
        Assert.Equal(feed.Events.Take(777).Select(item => item.Number), keeper.Values.Take(777));
        Assert.Equal(PipelineState.Finished, pipeline.State);
        Assert.True(SpinWait.SpinUntil(() => feed.Out == 0, Schedule.Bound));
        Assert.Equal((0, feed.HandedOver), (pipeline.Statistics.Waiting, pipeline.Statistics.Captured));
    }

    [Fact]
    public void A_feed_that_fails_gives_every_event_before()
    {
        ScriptedFeed feed = ScriptedFeed.Make(seed: 9);
        feed.Failure = new IOException("rings are gone");
        Keeper keeper = new();
        using Pipeline<long> pipeline = feed.Open(3).Process(() => new Numbers()).Ordered().Report(keeper);
        PipelineException error = Assert.Throws<PipelineException>(() => pipeline.Run(TestContext.Current.CancellationToken));
        Assert.Equal("rings are gone", error.Message);
        Assert.True(feed.HandedOver < feed.Events.Count);
        Assert.Equal(feed.HandedOver, keeper.Values.Count);
        Assert.Equal(0, feed.Out);
    }

    [Fact]
    public async Task What_one_thread_publishes_at_the_start_hinders_no_pause_before_anything_has_come()
    {
        using ManualResetEventSlim more = new();
        Keeper keeper = new();
        PipelineBuilder builder = PacketPipeline.Open("idle") with { Feed = () => new IdleFeed(more), Threads = 2 };
        using Pipeline<long> pipeline = builder.Process(() => new Greeting()).Ordered().Report(keeper);
        pipeline.Start();
        try
        {
            await Task.Run(pipeline.Pause, TestContext.Current.CancellationToken).WaitAsync(Schedule.Bound, TestContext.Current.CancellationToken);
            Assert.Equal(PipelineState.Paused, pipeline.State);
        }
        finally
        {
            more.Set();
        }

        pipeline.Stop();
        Assert.Equal([1], keeper.Values);
    }

    /// <summary>Nothing comes, and nobody knows how far it is.</summary>
    private sealed class IdleFeed(ManualResetEventSlim more) : EventFeed
    {
        public override string Name => "idle";

        public override bool IsLive => true;

        public override bool TryVisit(Action<EventPacket> handler)
        {
            more.Wait();
            return false;
        }

        public override void Dispose()
        {
        }
    }

    /// <summary>The second thread publishes at the start.</summary>
    private sealed class Greeting : PacketProcessor<long>
    {
        public override void OnStarting()
        {
            if (Context.Thread == 1)
            {
                Context.Publish(1);
            }
        }

        public override void OnPacket(in Packets.Packet packet)
        {
        }
    }

    /// <summary>Publishes events alone.</summary>
    private sealed class Quiet : PacketProcessor<long>
    {
        public override void OnPacket(in Packets.Packet packet)
        {
        }

        public override void OnEvent(in Formats.EventView item) => Context.Publish(item.GetInt64(0));
    }
}
