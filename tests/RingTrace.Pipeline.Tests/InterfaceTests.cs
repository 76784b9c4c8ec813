using System.Buffers.Binary;
using System.Diagnostics;
using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Packets.Interfaces;
using RingTrace.Packets.Tests.Interfaces;
using RingTrace.Pipeline.Hashing;
using Xunit;

namespace RingTrace.Pipeline.Tests;

public sealed class InterfaceTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly NetworkSpace _space = new();

    public void Dispose() => _space.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void The_ordered_result_is_the_order_in_which_packets_came(int threads)
    {
        const int Sent = 20_000;
        Keeper keeper = new();
        using Pipeline<long> pipeline = Open().WithThreads(threads)
            .HashedBy(Hasher.Custom(static (in Packet packet) => packet.Data[^1])).Process(() => new Sequence()).Ordered().Report(keeper);
        using FrameSender sender = new(_space);
        pipeline.Start();
        sender.Send(Sent);
        Assert.True(SpinWait.SpinUntil(() => pipeline.Statistics.Processed == Sent, Bound), $"{pipeline.Statistics}");
        pipeline.Stop();
        Assert.Equal(Enumerable.Range(1, Sent).Select(i => (long)i), keeper.Values);
        Assert.Equal((Sent, 0), (pipeline.Statistics.Received, pipeline.Statistics.Dropped));
    }

    [Fact]
    public void An_interface_that_nothing_comes_from_has_ticks_in_order_by_the_clock()
    {
        const long IntervalNs = 100_000_000;
        List<Tick> ticks = [];
        TimeSpan least = TimeSpan.MaxValue;
        using CountdownEvent enough = new(20);
        using Pipeline<long> pipeline = Open().WithThreads(3).HashedBy(Hasher.Bidirectional()).TickEvery(TimeSpan.FromMilliseconds(100))
            .Process(() => new Sequence()).Ordered().Report(new Ticker(tick =>
            {
                TimeSpan late = DateTime.UtcNow - DateTime.UnixEpoch.AddTicks(tick.TimeNs / TimeSpan.NanosecondsPerTick);
                least = late < least ? late : least;
                ticks.Add(tick);
                if (!enough.IsSet)
                {
                    enough.Signal();
                }
            }));
        using FrameSender sender = new(_space);
        pipeline.Start();
        sender.Send(1);
        Assert.True(enough.Wait(Bound, TestContext.Current.CancellationToken));
        pipeline.Stop();
        Assert.Equal(Enumerable.Range(1, ticks.Count).Select(i => (long)i), ticks.Select(tick => tick.Number));
        Assert.All(ticks.Zip(ticks.Skip(1)), pair => Assert.Equal(IntervalNs, pair.Second.TimeNs - pair.First.TimeNs));
        Assert.InRange(least, TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void What_comes_while_nobody_reads_is_kept_or_counted_as_dropped()
    {
        const int Sent = 20_000;
        using Pipeline<long> pipeline = Open(new InterfaceOptions { BufferBytes = 256 << 10 }).WithThreads(2)
            .Process(() => new Sequence()).Ordered().Report(new Keeper());
        using FrameSender sender = new(_space);
        pipeline.Start();
        sender.Send(1);
        Assert.True(SpinWait.SpinUntil(() => pipeline.Statistics.Processed == 1, Bound));
        pipeline.Pause();
        sender.Send(Sent - 1);
        Assert.InRange(pipeline.Statistics.Dropped, 1, Sent);
        pipeline.Resume();
        Assert.True(SpinWait.SpinUntil(() => pipeline.Statistics.Received == Sent, Bound), $"{pipeline.Statistics}");
        pipeline.Stop();
        Assert.Equal(Sent, pipeline.Statistics.Processed + pipeline.Statistics.Dropped);
    }

    [Fact]
    public void An_interface_that_nothing_comes_from_hinders_neither_pause_nor_stop()
    {
        using Pipeline<long> pipeline = Open().WithThreads(2).Process(() => new Sequence()).Ordered().Report(new Keeper());
        pipeline.Start();
        Stopwatch watch = Stopwatch.StartNew();
        pipeline.Pause();
        pipeline.Resume();
        pipeline.Stop();
        Assert.Equal(PipelineState.Finished, pipeline.State);
        Assert.True(watch.Elapsed < Bound);
    }

    [Fact]
    public void A_removed_interface_ends_the_pipeline_behind_all_that_came()
    {
        const int Sent = 5000;
        Keeper keeper = new();

        // Who captures first gets a packet last: what the witness has, the other has. On the way, a removal does away with it.
        using CaptureReader witness = _space.In(() => CaptureReader.OpenInterface(NetworkSpace.Far));
        using Pipeline<long> pipeline = Open().WithThreads(3).Process(() => new Sequence()).Ordered().Report(keeper);
        using FrameSender sender = new(_space);
        pipeline.Start();
        sender.Send(Sent);
        for (int i = 1; i <= Sent; i++)
        {
            Assert.True(witness.TryRead(out _));
        }

        _space.Link("del", NetworkSpace.Far);
        PipelineException error = Assert.Throws<PipelineException>(() => pipeline.Wait(Bound));
        Assert.Equal("int:far: the interface was removed.", error.Message);
        Assert.Equal(Enumerable.Range(1, Sent).Select(i => (long)i), keeper.Values);
    }

    [Fact]
    public void Two_interfaces_are_one_timeline()
    {
        const int Sent = 500;
        Keeper keeper = new();
        using Pipeline<long> pipeline = _space.In(() => PacketPipeline.Open("int:far", "int:near").WithThreads(2)
            .Process(() => new Sequence()).Ordered().Report(keeper));
        using FrameSender sender = new(_space);
        pipeline.Start();
        sender.Send(Sent);
        Assert.True(SpinWait.SpinUntil(() => pipeline.Statistics.Processed == 2 * Sent, Bound), $"{pipeline.Statistics}");
        pipeline.Stop();

        // Out of the one before into the other.
        Assert.Equal(Enumerable.Range(1, Sent).SelectMany(i => (long[])[-i, i]), keeper.Values);
    }

    private PipelineBuilder Open(InterfaceOptions? options = null) =>
        PacketPipeline.Open(_space.In(() => CaptureReader.OpenInterface(NetworkSpace.Far, options)));

    /// <summary>Publishes the number that a frame's sender gave it; below 0 where it went out.</summary>
    private sealed class Sequence : PacketProcessor<long>
    {
        public override void OnPacket(in Packet packet)
        {
            long number = BinaryPrimitives.ReadInt64BigEndian(packet.Data[FrameSender.HeaderBytes..]);
            Context.Publish(packet.Direction == PacketDirection.Outbound ? -number : number);
        }
    }

    private sealed class Ticker(Action<Tick> take) : Reporter<long>
    {
        public override void OnResult(in Result<long> result)
        {
        }

        public override void OnTick(Tick tick) => take(tick);
    }
}
