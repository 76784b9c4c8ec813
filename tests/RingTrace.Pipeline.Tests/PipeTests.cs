using System.Diagnostics;
using RingTrace.Packets;
using RingTrace.Pipeline.Hashing;
using Xunit;

namespace RingTrace.Pipeline.Tests;

public sealed class PipeTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly string _pipe = Path.GetTempFileName();
    private readonly FileStream _near;
    private readonly Traffic _traffic = new();

    public PipeTests()
    {
        File.Delete(_pipe);
        using (Process make = Process.Start("mkfifo", [_pipe]))
        {
            make.WaitForExit();
        }

        _near = new FileStream(_pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        _near.Write(_traffic.Take());
    }

    [Fact]
    public void A_pipe_that_nothing_comes_from_has_ticks_in_order_by_the_clock()
    {
        using CountdownEvent ticks = new(20);
        Keeper keeper = new();
        using Pipeline<long> pipeline = PacketPipeline.Open(_pipe).WithThreads(3).HashedBy(Hasher.Bidirectional())
            .TickEvery(TimeSpan.FromMilliseconds(10))
            .Process(() => new Ticked(ticks)).Ordered().Report(keeper);
        pipeline.Start();
        Send(1);
        Assert.True(ticks.Wait(Bound, TestContext.Current.CancellationToken));
        Send(2);
        while (pipeline.Statistics.Processed < 3)
        {
            Thread.Yield();
        }

        pipeline.Stop();
        IEnumerable<string> told = keeper.Calls.Where(call => call.StartsWith("tick", StringComparison.Ordinal));
        int[] numbers = [.. told.Select(call => int.Parse(call.Split(' ')[1], null))];
        Assert.Equal(Enumerable.Range(1, numbers.Length), numbers);
        Assert.Contains(keeper.Calls, call => call.EndsWith(" after 1", StringComparison.Ordinal));
        Assert.Equal([1, 2, 3], keeper.Values.Where(value => value > 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_drip_is_reported_within_the_latency_though_the_threshold_is_far(bool isOrdered)
    {
        using AutoResetEvent reported = new(false);
        PipelineBuilder<long> builder = PacketPipeline.Open(_pipe).WithThreads(2).HashedBy(Hasher.Bidirectional())
            .Process(() => new Numbers()).InBatches(1000, TimeSpan.FromMilliseconds(20));
        using Pipeline<long> pipeline = (isOrdered ? builder.Ordered() : builder).Report((in Result<long> _) => reported.Set());
        pipeline.Start();
        for (int i = 0; i < 5; i++)
        {
            Send(1);
            Assert.True(reported.WaitOne(Bound), $"packet {i + 1} is not reported");
        }
    }

    [Fact]
    public void A_pipe_that_nothing_comes_from_hinders_neither_pause_nor_stop()
    {
        using ManualResetEventSlim reported = new();
        using Pipeline<long> pipeline = PacketPipeline.Open(_pipe).WithThreads(2)
            .Process(() => new Numbers()).Report((in Result<long> _) => reported.Set());
        pipeline.Start();
        Send(1);
        Assert.True(reported.Wait(Bound, TestContext.Current.CancellationToken));
        Stopwatch watch = Stopwatch.StartNew();
        pipeline.Pause();
        Assert.Equal(PipelineState.Paused, pipeline.State);
        pipeline.Resume();
        pipeline.Stop();
        Assert.Equal(PipelineState.Finished, pipeline.State);
        Assert.True(watch.Elapsed < Bound);
    }

    [Fact]
    public void A_message_comes_though_a_round_without_packets_of_the_thread_s_own_comes_with_it()
    {
        using ManualResetEventSlim met = new();
        using ManualResetEventSlim posted = new();
        using ManualResetEventSlim read = new();
        using Pipeline<long> pipeline = PacketPipeline.Open(_pipe).WithThreads(2).HashedBy(Hasher.Custom(static (in Packet _) => 1))
            .Process(() => new Messaged(read, () =>
            {
                met.Set();
                posted.Wait(Bound);
            })).Report(new Keeper());
        pipeline.Start();
        Send(1);
        Assert.True(met.Wait(Bound, TestContext.Current.CancellationToken));

        // The thread is held up while the next round is put before it, and then the message.
        Send(1);
        Assert.True(SpinWait.SpinUntil(() => pipeline.Statistics.Captured == 2, Bound));
        Assert.True(pipeline.Post(0, "hello"));
        posted.Set();
        Assert.True(read.Wait(Bound, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void What_an_idle_thread_publishes_at_a_message_comes_in_order_behind_what_was_there()
    {
        using ManualResetEventSlim read = new();
        using ManualResetEventSlim met = new();
        List<long> orders = [];
        using Pipeline<long> pipeline = PacketPipeline.Open(_pipe).WithThreads(2).HashedBy(Hasher.Custom(static (in Packet _) => 1))
            .Process(() => new Messaged(read, met.Set)).Ordered()
            .Report((in Result<long> result) => orders.Add(result.Order));
        pipeline.Start();
        Send(5);
        Assert.True(SpinWait.SpinUntil(() => pipeline.Statistics.Processed == 5, Bound));
        Assert.True(met.Wait(Bound, TestContext.Current.CancellationToken));
        Assert.True(pipeline.Post(0, "hello"));
        Assert.True(read.Wait(Bound, TestContext.Current.CancellationToken));
        Send(1);
        Assert.True(SpinWait.SpinUntil(() => pipeline.Statistics.Processed == 6, Bound));
        pipeline.Stop();
        Assert.Equal(7, orders.Count);
        Assert.Equal(orders.Order(), orders);
        Assert.InRange(orders[0], 1, 2);
    }

    [Fact]
    public void A_writer_that_ends_inside_a_packet_is_an_error_behind_every_packet_before()
    {
        Keeper keeper = new();
        using Pipeline<long> pipeline = PacketPipeline.Open(_pipe).WithThreads(2).HashedBy(Hasher.Bidirectional())
            .Process(() => new Numbers()).Ordered().Report(keeper);
        Send(100);
        _traffic.Add(1, 1, 1);
        _near.Write(_traffic.Take().AsSpan()[..^3]);
        pipeline.Start();
        while (pipeline.Statistics.Processed < 100)
        {
            Thread.Yield();
        }

        _near.Dispose();
        PipelineException error = Assert.Throws<PipelineException>(pipeline.Wait);
        Assert.Contains($"{_pipe}, offset ", error.Message, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), keeper.Values);
    }

    public void Dispose()
    {
        _near.Dispose();
        _traffic.Dispose();
        File.Delete(_pipe);
    }

    /// <summary>Packets of now.</summary>
    private void Send(int packets)
    {
        for (int i = 0; i < packets; i++)
        {
            _traffic.Add((DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick, 1, (byte)i);
        }

        _near.Write(_traffic.Take());
    }

    private sealed class Ticked(CountdownEvent ticks) : PacketProcessor<long>
    {
        public override void OnPacket(in Packet packet) => Context.Publish(packet.Number);

        public override void OnTick(Tick tick)
        {
            if (!ticks.IsSet)
            {
                ticks.Signal();
            }
        }
    }

    private sealed class Messaged(ManualResetEventSlim read, Action first) : PacketProcessor<long>
    {
        public override void OnFirstPacket(long timeNs)
        {
            if (Context.Thread == 0)
            {
                first();
            }
        }

        public override void OnPacket(in Packet packet) => Context.Publish(packet.Number);

        public override void OnMessage(object message)
        {
            Context.Publish(0);
            read.Set();
        }
    }
}
