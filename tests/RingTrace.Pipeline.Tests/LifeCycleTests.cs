using RingTrace.Pipeline.Hashing;
using RingTrace.Pipeline.Statistics;
using Xunit;

namespace RingTrace.Pipeline.Tests;

public class LifeCycleTests
{
    [Fact]
    public void A_thousand_random_schedules_end_with_every_packet_accounted_for()
    {
        const int Packets = 4000;
        using Traffic traffic = Traffic.Make(Packets);
        for (int seed = 0; seed < 1000; seed++)
        {
            Random random = new(seed);
            Keeper keeper = new();
            Pipeline<long>? pipeline = null;
            long inside = random.Next(2 * Packets);
            using Pipeline<long> run = PacketPipeline.Open(traffic.Path)
                .WithThreads(random.Next(1, 5))
                .HashedBy(random.Next(3) == 0 ? null : Hasher.Bidirectional())
                .Process(() => new Numbers { Work = number => Act(number, inside, seed, pipeline!) })
                .Ordered()
                .Report(keeper);
            pipeline = run;
            Schedule.Run(run, random, seed, mayCancel: false);
            PipelineStatistics statistics = run.Statistics;
            Assert.Equal(0, statistics.Waiting);
            Assert.Equal(statistics.Processed, keeper.Values.Count);
            Assert.Equal(Enumerable.Range(1, keeper.Values.Count).Select(i => (long)i), keeper.Values);
            Assert.InRange(statistics.Received, statistics.Processed, Packets);
        }
    }

    [Fact]
    public void A_pause_reports_all_that_was_let_in()
    {
        using Traffic traffic = Traffic.Make(50_000);
        Keeper keeper = new();
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(2).HashedBy(Hasher.Bidirectional())
            .Process(() => new Numbers()).Ordered().Report(keeper);
        pipeline.Start();
        pipeline.Pause();
        if (pipeline.State == PipelineState.Paused)
        {
            Assert.Equal(0, pipeline.Statistics.Waiting);
            Assert.Equal(pipeline.Statistics.Processed, keeper.Values.Count);
            Assert.Equal("pausing", keeper.Calls[^1]);
        }

        pipeline.Resume();
        pipeline.Wait();
        Assert.Equal(50_000, keeper.Values.Count);
    }

    [Fact]
    public void A_processor_that_throws_ends_the_pipeline_and_names_the_packet()
    {
        using Traffic traffic = Traffic.Make(20_000);
        Keeper keeper = new();
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(2).HashedBy(Hasher.Bidirectional())
            .Process(() => new Numbers { Work = number => _ = number == 777 ? throw new FormatException("odd") : 0 })
            .Ordered().Report(keeper);
        PipelineException error = Assert.Throws<PipelineException>(() => pipeline.Run(TestContext.Current.CancellationToken));
        Assert.Contains("packet 777", error.Message, StringComparison.Ordinal);
        Assert.IsType<FormatException>(error.InnerException);
        Assert.Equal(PipelineState.Finished, pipeline.State);
        Assert.Equal(0, pipeline.Statistics.Waiting);
        Assert.Equal(Enumerable.Range(1, 776).Select(i => (long)i), keeper.Values.TakeWhile(value => value < 777));
    }

    [Fact]
    public void A_reporter_that_throws_ends_the_pipeline()
    {
        using Traffic traffic = Traffic.Make(20_000);
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(2).HashedBy(Hasher.Bidirectional())
            .Process(() => new Numbers()).Ordered()
            .Report(new Keeper { Work = value => _ = value == 100 ? throw new FormatException("odd") : 0 });
        PipelineException error = Assert.Throws<PipelineException>(() => pipeline.Run(TestContext.Current.CancellationToken));
        Assert.Contains("reporter", error.Message, StringComparison.Ordinal);
        Assert.Equal(PipelineState.Finished, pipeline.State);
    }

    [Fact]
    public void A_damaged_file_gives_every_packet_before_the_damage()
    {
        using Traffic traffic = new();
        for (int i = 0; i < 5000; i++)
        {
            traffic.Add(i, 0, (byte)i);
        }

        traffic.AddDamage();
        traffic.Write();
        Keeper keeper = new();
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(3).HashedBy(Hasher.Bidirectional())
            .Process(() => new Numbers()).Ordered().Report(keeper);
        PipelineException error = Assert.Throws<PipelineException>(() => pipeline.Run(TestContext.Current.CancellationToken));
        Assert.Contains(traffic.Path, error.Message, StringComparison.Ordinal);
        Assert.Equal(5000, keeper.Values.Count);
    }

    /// <summary>One packet in some schedules pauses, goes on or stops from inside.</summary>
    private static void Act(long number, long when, int seed, Pipeline<long> pipeline)
    {
        if (number != when)
        {
            return;
        }

        switch (seed % 4)
        {
            case 0:
                pipeline.Pause();
                pipeline.Resume();
                break;
            case 1:
                pipeline.Stop();
                break;
            default:
                break;
        }
    }
}
