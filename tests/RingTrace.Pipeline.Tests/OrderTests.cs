using RingTrace.Packets;
using RingTrace.Pipeline.Hashing;
using RingTrace.Pipeline.Statistics;
using Xunit;

namespace RingTrace.Pipeline.Tests;

public class OrderTests
{
    private const int Packets = 20_000;

    public static TheoryData<int, bool> Threads => [.. new[] { 1, 2, 3, 4, 8, 16 }.SelectMany(n => new[] { (n, true), (n, false) })];

    [Theory]
    [MemberData(nameof(Threads))]
    public void The_ordered_combiner_gives_what_one_thread_would(int threads, bool hashed)
    {
        using Traffic traffic = Traffic.Make(Packets);
        Keeper keeper = new();
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path)
            .WithThreads(threads)
            .HashedBy(hashed ? Hasher.Bidirectional() : null)
            .Process(() => new Numbers { Work = Stumble })
            .Ordered()
            .Report(keeper);
        PipelineStatistics statistics = pipeline.Run(TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(1, Packets).Select(i => (long)i), keeper.Values);
        Assert.Equal(Packets, statistics.Processed);
        Assert.Equal(Packets, statistics.Received);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Unordered_results_are_all_there_once(int threads)
    {
        using Traffic traffic = Traffic.Make(Packets);
        Keeper keeper = new();
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path)
            .WithThreads(threads).HashedBy(Hasher.Unidirectional()).Process(() => new Numbers()).Report(keeper);
        pipeline.Run(TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(1, Packets).Select(i => (long)i), keeper.Values.Order());
    }

    [Fact]
    public void What_is_no_packet_goes_to_the_first_thread_however_packets_are_balanced()
    {
        const int Links = 1000;
        using Traffic traffic = new();
        uint[] section = [0x0A0D0D0A, 28, 0x1A2B3C4D, 1, uint.MaxValue, uint.MaxValue, 28];
        IEnumerable<uint> words = section.Concat(Enumerable.Repeat<uint[]>([1, 20, 1, 0, 20], Links).SelectMany(link => link));
        File.WriteAllBytes(traffic.Path, [.. words.SelectMany(BitConverter.GetBytes)]);
        HashSet<int> threads = [];
        int count = 0;
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(4).Process(() => new Describing())
            .Report((in Result<long> result) =>
            {
                count++;
                threads.Add(result.Thread);
            });
        pipeline.Run(TestContext.Current.CancellationToken);
        Assert.Equal(1 + Links, count);
        Assert.Equal([0], threads);
    }

    [Fact]
    public void Both_directions_of_a_flow_go_to_one_thread_and_both_threads_have_some()
    {
        using Traffic traffic = Traffic.Make(Packets, flows: 500);
        List<Numbers> threads = [];
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(4).HashedBy(Hasher.Bidirectional())
            .Process(() =>
            {
                threads.Add(new Numbers());
                return threads[^1];
            }).Report(new Keeper());
        pipeline.Run(TestContext.Current.CancellationToken);
        Assert.All(threads, thread => Assert.NotEmpty(thread.Flows));
        foreach (Numbers thread in threads)
        {
            Assert.All(threads.Where(other => other != thread), other => Assert.DoesNotContain(
                other.Flows, flow => thread.Flows.Contains(flow) || thread.Flows.Contains(flow.Reversed)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Ticks_are_between_the_same_packets_for_everybody(int count)
    {
        using Traffic traffic = Traffic.Make(1000);
        List<Numbers> threads = [];
        Keeper keeper = new();
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(count).HashedBy(Hasher.Bidirectional()).TickEvery(100)
            .Process(() =>
            {
                threads.Add(new Numbers());
                return threads[^1];
            }).Ordered().Report(keeper);
        pipeline.Run(TestContext.Current.CancellationToken);
        string[] ticks = [.. Enumerable.Range(1, 10).Select(i => $"tick {i}")];
        Assert.All(threads, thread => Assert.Equal(["starting", "resuming", "first", .. ticks, "pausing", "stopping"], thread.Calls));
        Assert.Equal(
            ["starting", "resuming", "first", .. Enumerable.Range(1, 10).Select(i => $"tick {i} after {i * 100}"), "pausing", "stopping"],
            keeper.Calls);
        Assert.Equal(
            Enumerable.Range(1, 1000).SelectMany(i => i % 100 == 0 ? [i, .. Enumerable.Repeat(-i / 100, count)] : new[] { i }),
            keeper.Values.Select(value => (int)value));
    }

    [Fact]
    public void A_fragment_goes_with_its_datagram_whichever_comes_first()
    {
        const ushort More = 0x2000;
        using Traffic traffic = new();
        Random random = new(1);
        long time = 0;
        for (ushort i = 1; i <= 500; i++)
        {
            // The last fragment first, then others, then the first one, which alone has ports.
            byte port = (byte)random.Next(200);
            traffic.Add(++time, 1, port, id: i, fragment: 2);
            traffic.Add(++time, 2, 7);
            traffic.Add(++time, 1, port, id: i, fragment: More | 1);
            traffic.Add(++time, 1, port, id: i, fragment: More);
            traffic.Add(++time, 1, port, back: true);
        }

        traffic.Write();
        List<long>[] seen = [[], [], []];
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(3).HashedBy(Hasher.Bidirectional())
            .Process(() => new Numbers()).Ordered().Report((in Result<long> result) => seen[result.Thread].Add(result.Value));
        PipelineStatistics statistics = pipeline.Run(TestContext.Current.CancellationToken);
        Assert.Equal(0, statistics.Orphans);
        for (long first = 1; first <= 2500; first += 5)
        {
            Assert.Single(seen, thread => thread.Contains(first));
            List<long> mine = seen.Single(thread => thread.Contains(first));
            Assert.All((long[])[first + 2, first + 3, first + 4], number => Assert.Contains(number, mine));
        }
    }

    /// <summary>Some packets take longer, in no order.</summary>
    private static void Stumble(long number)
    {
        if (number % 97 == 0)
        {
            Thread.SpinWait(20_000);
        }
    }

    private sealed class Describing : PacketProcessor<long>
    {
        public override void OnPacket(in Packet packet)
        {
        }

        public override void OnMeta(in Packet packet) => Context.Publish(1);
    }
}
