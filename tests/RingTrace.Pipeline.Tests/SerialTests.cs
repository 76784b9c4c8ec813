using RingTrace.Packets;
using RingTrace.Packets.Tests.Making;
using RingTrace.Pipeline.Hashing;
using RingTrace.Pipeline.Statistics;
using Xunit;

namespace RingTrace.Pipeline.Tests;

public class SerialTests
{
    private const ushort More = 0x2000;

    public static TheoryData<int> Threads => [.. Enumerable.Range(1, 16)];

    [Theory]
    [MemberData(nameof(Threads))]
    public void Results_and_ticks_in_order_are_what_one_thread_gives(int threads)
    {
        for (int seed = threads; seed < 100; seed += 16)
        {
            Random random = new(seed);
            using Traffic traffic = Make(random);
            PipelineBuilder builder = PacketPipeline.Open(traffic.Path);
            builder = random.Next(2) == 0 ? builder : builder.Where("not port 1003");
            builder = random.Next(2) == 0 ? builder : builder.TickEvery(random.Next(1, 500));
            builder = random.Next(2) == 0 ? builder : builder.TickEvery(TimeSpan.FromMicroseconds(random.Next(1, 200)));
            Hasher?[] hashers =
            [
                null, Hasher.Bidirectional(), Hasher.Unidirectional(new() { Innermost = true }),
                Hasher.Custom(static (in Packet packet) => (uint)packet.Number),
            ];
            List<string> serial = Run(builder.WithThreads(1));
            Assert.Equal(serial, Run(builder.WithThreads(threads).HashedBy(hashers[random.Next(4)])));
        }
    }

    [Fact]
    public void A_flow_its_fragments_its_tunnels_and_the_errors_about_it_are_on_one_thread()
    {
        const int Flows = 60;
        using Traffic traffic = new();
        Random random = new(1);
        List<(int Flow, PacketMaker Packet)> packets = [];
        for (int i = 0; i < 2000; i++)
        {
            int flow = random.Next(Flows);
            packets.AddRange(Some(flow, i).Select(packet => (flow, packet)));
        }

        // Each packet up to some dozens of places from where it was.
        (int Flow, PacketMaker Packet)[] mixed = [.. packets.Index().OrderBy(packet => packet.Index + random.Next(40)).Select(packet => packet.Item)];
        long time = 1_700_000_000_000_000_000;
        Array.ForEach(mixed, packet => traffic.Add(time += 1000, packet.Packet.Make()));
        traffic.Write();
        Dictionary<int, HashSet<int>> threads = [];
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(4)
            .HashedBy(Hasher.Bidirectional(new() { Innermost = true, IcmpErrors = true })).Process(() => new Numbers())
            .Report((in Result<long> result) =>
            {
                int flow = mixed[result.Value - 1].Flow;
                (threads.TryGetValue(flow, out HashSet<int>? seen) ? seen : threads[flow] = []).Add(result.Thread);
            });
        PipelineStatistics statistics = pipeline.Run(TestContext.Current.CancellationToken);
        Assert.Equal((packets.Count, 0), (statistics.Processed, statistics.Orphans));
        Assert.All(threads, flow => Assert.Single(flow.Value));
        Assert.Equal(4, threads.SelectMany(flow => flow.Value).Distinct().Count());
    }

    /// <summary>Packets of a flow: one in each direction, fragments, in a tunnel and with it, and errors about it.</summary>
    private static PacketMaker[] Some(int flow, int number)
    {
        const string Here = "192.0.2.1";
        const string There = "198.51.100.2";
        int port = 20_000 + flow;
        return (number % 5) switch
        {
            0 => [Ethernet().IPv4(Here, There).Udp(port, 53), Ethernet().IPv4(There, Here).Udp(53, port)],
            1 =>
            [
                Ethernet().Vlan(3).IPv4(Here, There, fragment: 0, more: true, number: number).Udp(port, 53),
                Ethernet().Vlan(3).IPv4(Here, There, fragment: 48, more: true, number: number).Udp(1, 2),
                Ethernet().Vlan(3).IPv4(Here, There, fragment: 96, number: number).Udp(3, 4),
            ],
            2 =>
            [
                Ethernet().IPv4("10.0.0.1", "10.0.0.2", fragment: 0, more: true, number: number).Vxlan(1).Ethernet().IPv4(There, Here).Udp(53, port),
                Ethernet().IPv4("10.0.0.1", "10.0.0.2", fragment: 96, number: number).Udp(1, 2),
            ],
            3 => [Ethernet().IPv6("fd00::1", "fd00::2").Gre().IPv4(Here, There).Udp(port, 53)],
            _ => [Ethernet().IPv4("10.9.9.9", Here).Icmp(3).IPv4(Here, There).Udp(port, 53)],
        };
    }

    private static PacketMaker Ethernet() => new PacketMaker().Ethernet();

    /// <summary>Packets of some flows, fragments among them that have no first one or have it late, some earlier than the one before.</summary>
    private static Traffic Make(Random random)
    {
        Traffic traffic = new();
        long time = 1_700_000_000_000_000_000;
        int count = random.Next(1, 6000);
        for (int i = 0; i < count; i++)
        {
            time += random.Next(-200, 1000);
            bool isFragment = random.Next(10) == 0;
            ushort fragment = isFragment ? (ushort)(random.Next(3) | (random.Next(2) * More)) : (ushort)0;
            traffic.Add(time, 1, (byte)random.Next(20), back: random.Next(2) == 0, id: (ushort)random.Next(50), fragment);
        }

        return traffic.Write();
    }

    private static List<string> Run(PipelineBuilder builder)
    {
        Listing listing = new();
        using Pipeline<long> pipeline = builder.Process(() => new Passing()).Ordered().Report(listing);
        pipeline.Run(TestContext.Current.CancellationToken);
        return listing.Lines;
    }

    private sealed class Passing : PacketProcessor<long>
    {
        public override void OnPacket(in Packet packet) => Context.Publish(packet.Number);
    }

    private sealed class Listing : Reporter<long>
    {
        public List<string> Lines { get; } = [];

        public override void OnResult(in Result<long> result) => Lines.Add($"{result.Value}");

        public override void OnTick(Tick tick) => Lines.Add($"{tick}");
    }
}
