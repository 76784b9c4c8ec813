using System.Diagnostics;
using RingTrace.Packets;
using Xunit;

namespace RingTrace.Pipeline.Tests;

public class ReplayTests
{
    private const long BeginNs = 1_700_000_000_000_000_000;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1.0, 40, 5)]
    [InlineData(10.0, 400, 5)]
    [InlineData(0.5, 20, 5)]
    public void No_packet_is_let_in_before_its_time_and_the_order_stays(double speed, int packets, int milliseconds)
    {
        using Traffic traffic = Make(packets, milliseconds * 1_000_000L);
        List<(long Number, TimeSpan At)> seen = [];
        Stopwatch watch = new();
        using Pipeline<TimeSpan> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(3).Replay(speed)
            .Process(() => new Looking(watch)).Ordered().Report((in Result<TimeSpan> result) => seen.Add((result.Key, result.Value)));
        watch.Start();
        pipeline.Run(TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(1, packets).Select(i => (long)i), seen.Select(one => one.Number));
        Assert.All(seen, one => Assert.True(
            one.At >= TimeSpan.FromMilliseconds((one.Number - 1) * milliseconds / speed), $"packet {one.Number} after {one.At}"));
    }

    [Fact]
    public void The_wait_for_a_packet_is_ended_by_a_pause_and_by_a_stop_and_hinders_no_message()
    {
        using Traffic traffic = Make(3, 3_600_000_000_000);
        using ManualResetEventSlim first = new();
        using ManualResetEventSlim told = new();
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(2).Replay()
            .Process(() => new Telling(told)).Report((in Result<long> _) => first.Set());
        pipeline.Start();
        Assert.True(first.Wait(Bound, TestContext.Current.CancellationToken));
        Assert.True(pipeline.Post(0, "hello"));
        Assert.True(told.Wait(Bound, TestContext.Current.CancellationToken));
        Stopwatch watch = Stopwatch.StartNew();
        pipeline.Pause();
        Assert.Equal(PipelineState.Paused, pipeline.State);
        pipeline.Resume();
        Assert.Equal(PipelineState.Running, pipeline.State);
        pipeline.Stop();
        Assert.True(watch.Elapsed < Bound);
        Assert.Equal(PipelineState.Finished, pipeline.State);
        Assert.Equal((1, 2, 0), (pipeline.Statistics.Processed, pipeline.Statistics.Discarded, pipeline.Statistics.Waiting));
    }

    [Fact]
    public void Ticks_come_in_their_time_also_where_there_are_no_packets()
    {
        // Ten ticks are between the two packets: they come one by one, not when the second packet does.
        using Traffic traffic = Make(2, 2_000_000_000);
        List<TimeSpan> ticks = [];
        Stopwatch watch = new();
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(2).Replay().TickEvery(TimeSpan.FromMilliseconds(200))
            .Process(() => new Numbers()).Ordered().Report(new Ticking(() => ticks.Add(watch.Elapsed)));
        watch.Start();
        pipeline.Run(TestContext.Current.CancellationToken);
        Assert.Equal(10, ticks.Count);
        Assert.All(ticks.Index(), tick => Assert.True(tick.Item >= TimeSpan.FromMilliseconds(200 * (tick.Index + 1))));
        Assert.True(ticks[0] < TimeSpan.FromMilliseconds(2000), $"the first tick came after {ticks[0]}");
    }

    [Fact]
    public void A_speed_is_above_zero() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => PacketPipeline.Open("a.pcap").Replay(0));

    private static Traffic Make(int packets, long apartNs)
    {
        Traffic traffic = new();
        for (int i = 0; i < packets; i++)
        {
            traffic.Add(BeginNs + (i * apartNs), 1, (byte)i);
        }

        return traffic.Write();
    }

    private sealed class Looking(Stopwatch watch) : PacketProcessor<TimeSpan>
    {
        public override void OnPacket(in Packet packet) => Context.Publish(watch.Elapsed, packet.Number);
    }

    private sealed class Telling(ManualResetEventSlim told) : PacketProcessor<long>
    {
        public override void OnPacket(in Packet packet) => Context.Publish(packet.Number);

        public override void OnMessage(object message) => told.Set();
    }

    private sealed class Ticking(Action onTick) : Reporter<long>
    {
        public override void OnResult(in Result<long> result)
        {
        }

        public override void OnTick(Tick tick) => onTick();
    }
}
