using RingTrace.Pipeline.Hashing;
using Xunit;

namespace RingTrace.Pipeline.Tests;

public class CombinerTests
{
    private const int Packets = 10_000;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_combiner_of_one_s_own_may_put_results_into_order_and_is_told_when_it_can(int threads)
    {
        using Traffic traffic = Traffic.Make(Packets);
        Keeper keeper = new();
        Reordering? combiner = null;
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(threads).HashedBy(Hasher.Bidirectional()).TickEvery(1000)
            .Process(() => new Numbers())
            .CombinedBy(() => combiner = new Reordering())
            .Report(keeper);
        pipeline.Run(TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(1, Packets).Select(i => (long)i), keeper.Values.Where(value => value > 0));
        Assert.Equal(
            ["starting", "resuming", "first", .. Enumerable.Range(1, 10).Select(i => $"tick {i} after {i * 1000}"), "pausing", "stopping"],
            keeper.Calls);
        Assert.Equal(0, combiner!.Kept);
    }

    [Fact]
    public void A_combiner_may_leave_results_out_and_add_its_own()
    {
        using Traffic traffic = Traffic.Make(Packets);
        Keeper keeper = new();
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(3).HashedBy(Hasher.Bidirectional())
            .Process(() => new Numbers()).CombinedBy(() => new Summing()).Report(keeper);
        pipeline.Run(TestContext.Current.CancellationToken);
        Assert.Equal([Packets * (Packets + 1L) / 2], keeper.Values);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_combiner_that_throws_ends_the_pipeline(bool atResult)
    {
        using Traffic traffic = Traffic.Make(Packets);
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(2).HashedBy(Hasher.Bidirectional())
            .Process(() => new Numbers()).CombinedBy(() => new Throwing(atResult)).Report(new Keeper());
        PipelineException error = Assert.Throws<PipelineException>(() => pipeline.Run(TestContext.Current.CancellationToken));
        Assert.StartsWith("combiner, ", error.Message, StringComparison.Ordinal);
        Assert.IsType<FormatException>(error.InnerException);
        Assert.Equal(PipelineState.Finished, pipeline.State);
    }

    [Fact]
    public void A_combiner_is_one_pipeline_s()
    {
        using Traffic traffic = Traffic.Make(10);
        Summing combiner = new();
        PipelineBuilder<long> builder = PacketPipeline.Open(traffic.Path).Process(() => new Numbers()).CombinedBy(() => combiner);
        using Pipeline<long> pipeline = builder.Report(new Keeper());
        Assert.Throws<InvalidOperationException>(() => builder.Report(new Keeper()));
    }

    [Fact]
    public void Sorted_results_come_by_key_before_each_tick()
    {
        using Traffic traffic = Traffic.Make(Packets);
        List<long> keys = [];
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(3).HashedBy(Hasher.Bidirectional()).TickEvery(1000)
            .Process(() => new ByKey()).Sorted().Report((in Result<long> result) => keys.Add(result.Key));
        pipeline.Run(TestContext.Current.CancellationToken);
        Assert.Equal(Packets, keys.Count);
        Assert.All(keys.Chunk(1000), chunk => Assert.Equal(chunk.Order(), chunk));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Sorted_results_of_one_packet_with_one_key_stay_in_the_order_they_were_published_in(int threads)
    {
        using Traffic traffic = Traffic.Make(1000);
        List<long> values = [];
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(threads).HashedBy(Hasher.Bidirectional())
            .Process(() => new Thrice()).Sorted().Report((in Result<long> result) => values.Add(result.Value));
        pipeline.Run(TestContext.Current.CancellationToken);
        Assert.Equal(3000, values.Count);
        Assert.Equal(values.OrderBy(value => value / 3 % 7).ThenBy(value => value), values);
    }

    /// <summary>What the ordered combiner does, with all that it may keep between.</summary>
    private sealed class Reordering : ResultCombiner<long>
    {
        private readonly PriorityQueue<Result<long>, (long Order, int Thread)> _kept = new();

        public int Kept => _kept.Count;

        public override void OnResult(in Result<long> result) => _kept.Enqueue(result, (result.Order, result.Thread));

        public override void OnComplete(long order)
        {
            while (_kept.TryPeek(out Result<long> result, out (long Order, int Thread) key) && key.Order <= order)
            {
                _kept.Dequeue();
                Pass(in result);
            }
        }
    }

    private sealed class Summing : ResultCombiner<long>
    {
        private long _sum;

        public override void OnResult(in Result<long> result)
        {
            _sum += result.Value;
            if (_sum == Packets * (Packets + 1L) / 2)
            {
                Pass(result with { Value = _sum });
            }
        }
    }

    private sealed class Throwing(bool atResult) : ResultCombiner<long>
    {
        public override void OnResult(in Result<long> result) => _ = atResult ? throw new FormatException("odd") : 0;

        public override void OnComplete(long order) => throw new FormatException("odd");
    }

    /// <summary>Three results of each packet, with one key.</summary>
    private sealed class Thrice : PacketProcessor<long>
    {
        public override void OnPacket(in RingTrace.Packets.Packet packet)
        {
            for (long i = 0; i < 3; i++)
            {
                Context.Publish((packet.Number * 3) + i, packet.Number % 7);
            }
        }
    }

    private sealed class ByKey : PacketProcessor<long>
    {
        public override void OnPacket(in RingTrace.Packets.Packet packet) => Context.Publish(packet.Number, packet.Number * 7919 % 10_007);
    }
}
