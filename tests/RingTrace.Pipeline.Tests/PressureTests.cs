using RingTrace.Packets;
using RingTrace.Pipeline.Hashing;
using Xunit;

namespace RingTrace.Pipeline.Tests;

public class PressureTests
{
    private const int Packets = 100_000;

    /// <summary>All that may be on the way: rounds, one of them in the source's hand, and the results of four threads.</summary>
    private const int MostUnderWay = (9 * 4096) + (4 * 4 * 1024);

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_thread_or_a_reporter_that_stalls_stops_the_file_and_nothing_is_lost(bool isReporter)
    {
        using Traffic traffic = Traffic.Make(Packets);
        Pipeline<long>? running = null;
        long captured = 0;
        Keeper keeper = new() { Work = value => Stall(isReporter && value == 10) };
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(4).HashedBy(Hasher.Bidirectional())
            .Process(() => new Numbers { Work = number => Stall(!isReporter && number == 10) }).Ordered().Report(keeper);
        running = pipeline;
        pipeline.Run(TestContext.Current.CancellationToken);
        Assert.InRange(captured, 1, MostUnderWay);
        Assert.Equal(Enumerable.Range(1, Packets).Select(i => (long)i), keeper.Values);

        // Until the source has stood still for half a second.
        void Stall(bool isNow)
        {
            while (isNow && SpinWait.SpinUntil(() => running!.Statistics.Captured != captured, 500))
            {
                captured = running!.Statistics.Captured;
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void A_thread_that_publishes_much_is_not_held_up_by_those_that_have_nothing(int threshold)
    {
        using Traffic traffic = Traffic.Make(5000);
        long last = 0;
        bool isOrdered = true;
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(4)
            .HashedBy(Hasher.Custom(static (in Packet _) => 2))
            .Process(() => new Many()).Ordered().InBatches(threshold, TimeSpan.FromHours(1))
            .Report((in Result<long> result) =>
            {
                isOrdered &= result.Value == last + 1;
                last = result.Value;
            });
        pipeline.Start();
        Assert.True(pipeline.Wait(Bound), $"it stands at {last}");
        Assert.Equal((5000 * Many.Each, true), (last, isOrdered));
    }

    [Fact]
    public void Results_of_slow_packets_are_reported_while_others_are_worked_on()
    {
        // All packets are in one round; the first result is there long before its end.
        const int Slow = 1000;
        using Traffic traffic = Traffic.Make(Slow);
        using ManualResetEventSlim reported = new();
        bool wasReported = false;
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(1)
            .Process(() => new Numbers { Work = number => Work(number) }).InBatches(500, TimeSpan.FromMilliseconds(5))
            .Report((in Result<long> _) => reported.Set());
        pipeline.Run(TestContext.Current.CancellationToken);
        Assert.True(wasReported);

        void Work(long number)
        {
            SpinWait.SpinUntil(() => number >= Slow, 1);
            wasReported = number == 400 ? reported.Wait(Bound) : wasReported;
        }
    }

    [Fact]
    public void Packets_that_are_held_stay_as_they_are()
    {
        using Traffic traffic = Traffic.Make(Packets);
        List<Holding> threads = [];
        using (Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(3).HashedBy(Hasher.Bidirectional())
            .Process(() =>
            {
                threads.Add(new Holding());
                return threads[^1];
            }).Report(new Keeper()))
        {
            pipeline.Run(TestContext.Current.CancellationToken);
        }

        Assert.Equal(Packets / 1000, threads.Sum(thread => thread.Held.Count));
        foreach ((HeldPacket packet, byte[] bytes) in threads.SelectMany(thread => thread.Held))
        {
            Assert.Equal(bytes, packet.Packet.Data.ToArray());
            packet.Dispose();
        }
    }

    private sealed class Many : PacketProcessor<long>
    {
        public const long Each = 50;

        public override void OnPacket(in Packet packet)
        {
            for (long i = 1; i <= Each; i++)
            {
                Context.Publish(((packet.Number - 1) * Each) + i);
            }
        }
    }

    private sealed class Holding : PacketProcessor<long>
    {
        public List<(HeldPacket Packet, byte[] Bytes)> Held { get; } = [];

        public override void OnPacket(in Packet packet)
        {
            if (packet.Number % 1000 == 0)
            {
                Held.Add((packet.Hold(), packet.Data.ToArray()));
            }
        }
    }
}
