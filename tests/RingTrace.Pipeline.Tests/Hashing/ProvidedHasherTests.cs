using RingTrace.Formats;
using RingTrace.Formats.Tests;
using RingTrace.Packets;
using RingTrace.Packets.Tests.Captures.Pcapng;
using RingTrace.Pipeline.Engine;
using RingTrace.Pipeline.Hashing;
using RingTrace.Pipeline.Tests.Rings;
using Xunit;

namespace RingTrace.Pipeline.Tests.Hashing;

public sealed class ProvidedHasherTests : IDisposable
{
    private const int Threads = 4;

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_packet_goes_where_the_hash_beside_it_says_and_without_one_where_the_other_hasher_says()
    {
        PcapngMaker maker = new(bigEndian: false);
        File.WriteAllBytes(_path, [.. maker.Section(), .. maker.Interface(LinkType.Ethernet), .. Enumerable.Range(1, 1000).SelectMany(Packet)]);
        List<(long Number, int Thread)> went = [];
        using Pipeline<long> pipeline = PacketPipeline.Open(_path).WithThreads(Threads)
            .HashedBy(Hasher.Provided(Hasher.Custom((in Packet packet) => 3)))
            .Process(() => new Numbers()).Report((in Result<long> result) => went.Add((result.Value, result.Thread)));
        pipeline.Run(TestContext.Current.CancellationToken);
        Assert.Equal(1000, went.Count);
        Assert.All(went, packet => Assert.Equal(packet.Number % 10 == 0 ? 3 : packet.Number % 7 % Threads, packet.Thread));

        // One in ten has none.
        byte[] Packet(int number) => maker.Enhanced(
            0, (ulong)number, new byte[60], 60, number % 10 == 0 ? [] : [maker.Option(3, [5, 0xFF, 0, 0, (byte)(number % 7)])]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fragments_without_one_go_with_their_datagrams_in_whatever_order_they_come(bool ofTwo)
    {
        Hasher fallback = ofTwo ? Hasher.Of(Hasher.Bidirectional(), Hasher.ByThread()) : Hasher.Bidirectional();
        using Traffic traffic = new();
        for (ushort id = 1; id <= 200; id++)
        {
            traffic.Add(id * 10, 1, (byte)id, id: id, fragment: 100);
            traffic.Add((id * 10) + 1, 1, (byte)id, id: id, fragment: 0x2000);
        }

        traffic.Write();
        int[] threads = new int[401];
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(Threads)
            .HashedBy(Hasher.Provided(fallback))
            .Process(() => new Numbers()).Report((in Result<long> result) => threads[result.Value] = result.Thread);
        pipeline.Run(TestContext.Current.CancellationToken);
        Assert.All(Enumerable.Range(0, 200), i => Assert.Equal(threads[(2 * i) + 1], threads[(2 * i) + 2]));
        Assert.True(threads.Distinct().Count() > 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Events_of_one_stream_go_to_one_thread_and_rings_alone_are_read_in_parallel(bool besideCapture)
    {
        using TestTrace trace = TraceSourceTests.Make(seed: 21, packets: 20);
        using Traffic traffic = Traffic.Make(100);
        PipelineBuilder builder = PacketPipeline.Open($"ringtrace:{trace.Directory}").WithThreads(Threads)
            .HashedBy(Hasher.Provided(Hasher.Bidirectional()));
        builder = besideCapture ? builder.And(traffic.Path) : builder;
        using (Intake intake = builder.OpenIntake())
        {
            Assert.Equal(besideCapture, intake is PacketIntake);
        }

        Dictionary<int, int> threads = [];
        using Pipeline<int> pipeline = builder.Process(() => new Streams()).Report((in Result<int> result) =>
        {
            threads.TryAdd(result.Value, result.Thread);
            Assert.Equal(threads[result.Value], result.Thread);
        });
        pipeline.Run(TestContext.Current.CancellationToken);
        Assert.True(threads.Values.Distinct().Count() > 1, "all events went to one thread");
    }

    private sealed class Streams : PacketProcessor<int>
    {
        public override void OnPacket(in Packet packet)
        {
        }

        public override void OnEvent(in EventView item) => Context.Publish(item.Stream.Index);
    }
}
