using RingTrace.Packets;
using RingTrace.Pipeline.Hashing;
using Xunit;

namespace RingTrace.Pipeline.Tests;

public class FaultTests
{
    private const int Packets = 20_000;
    private const int Bad = 777;

    /// <summary>Each callback of a processor, and what its error says.</summary>
    public static TheoryData<string, string> Callbacks => new()
    {
        { "starting", "OnStarting" },
        { "resuming", "OnResuming" },
        { "first", "OnFirstPacket" },
        { "packet", $"packet {Bad} of " },
        { "tick", "OnTick" },
        { "message", "OnMessage" },
        { "pausing", "OnPausing" },
        { "stopping", "OnStopping" },
    };

    [Theory]
    [MemberData(nameof(Callbacks))]
    public void A_processor_that_throws_ends_the_pipeline_and_says_where(string callback, string said)
    {
        using Traffic traffic = Traffic.Make(Packets);
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(2).HashedBy(Hasher.Bidirectional()).TickEvery(500)
            .Process(() => new Throwing(callback)).Ordered().Report(new Keeper());
        pipeline.Post(1, "hello");
        PipelineException error = Assert.Throws<PipelineException>(() => pipeline.Run(TestContext.Current.CancellationToken));
        Assert.StartsWith("processing thread ", error.Message, StringComparison.Ordinal);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.EndsWith(": odd", error.Message, StringComparison.Ordinal);
        Assert.Equal(PipelineState.Finished, pipeline.State);
        Assert.Equal(0, pipeline.Statistics.Waiting);
    }

    [Fact]
    public void A_packet_in_an_error_has_its_file_number_and_time()
    {
        using Traffic first = new();
        using Traffic second = new();
        for (int i = 0; i < 100; i++)
        {
            (i % 2 == 0 ? first : second).Add(1_700_000_000_000_000_000 + i, 1, 1);
        }

        first.Write();
        second.Write();
        using Pipeline<long> pipeline = PacketPipeline.Open(first.Path, second.Path).WithThreads(2)
            .Process(() => new Numbers { Work = number => _ = number == 5 ? throw new FormatException("odd") : 0 }).Report(new Keeper());
        PipelineException error = Assert.Throws<PipelineException>(() => pipeline.Run(TestContext.Current.CancellationToken));
        Assert.Contains($"packet 5 of {first.Path}, time 1700000000.000000008", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hasher_that_throws_ends_the_pipeline_behind_every_packet_before()
    {
        using Traffic traffic = Traffic.Make(Packets);
        Keeper keeper = new();
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(2)
            .HashedBy(Hasher.Custom((in Packet packet) => packet.Number == Packets - 1 ? throw new FormatException("odd") : (uint)packet.Number))
            .Process(() => new Numbers()).Ordered().Report(keeper);
        PipelineException error = Assert.Throws<PipelineException>(() => pipeline.Run(TestContext.Current.CancellationToken));
        Assert.Contains("hasher", error.Message, StringComparison.Ordinal);
        Assert.Equal(PipelineState.Finished, pipeline.State);
        Assert.NotEmpty(keeper.Values);
        Assert.Equal(Enumerable.Range(1, keeper.Values.Count).Select(i => (long)i), keeper.Values);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(Bad)]
    public void What_was_read_behind_a_packet_that_the_hasher_throws_for_is_counted(int bad)
    {
        const int Few = 2000;
        using Traffic traffic = Traffic.Make(Few);
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(2)
            .HashedBy(Hasher.Custom((in Packet packet) => packet.Number == bad ? throw new FormatException("odd") : (uint)packet.Number))
            .Process(() => new Numbers()).Report(new Keeper());
        Assert.Throws<PipelineException>(() => pipeline.Run(TestContext.Current.CancellationToken));
        Assert.Equal((Few, bad - 1L), (pipeline.Statistics.Captured, pipeline.Statistics.Processed));
    }

    [Fact]
    public void A_file_that_shrinks_gives_every_packet_that_is_left_and_says_where_it_ends()
    {
        const int RecordBytes = 16 + 50;
        const int Left = 50_000;
        using Traffic traffic = Traffic.Make(100_000);
        Keeper keeper = new();
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(2).HashedBy(Hasher.Bidirectional())
            .Process(() => new Numbers { Work = number => Shrink(number) }).Ordered().Report(keeper);
        PipelineException error = Assert.Throws<PipelineException>(() => pipeline.Run(TestContext.Current.CancellationToken));
        Assert.Contains($"{traffic.Path}, offset {24 + (Left * RecordBytes)}", error.Message, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, Left).Select(i => (long)i), keeper.Values);

        void Shrink(long number)
        {
            if (number == 100)
            {
                using FileStream file = new(traffic.Path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                file.SetLength(24 + (Left * RecordBytes) + 7);
            }
        }
    }

    [Fact]
    public void A_reporter_that_throws_is_not_called_again()
    {
        using Traffic traffic = Traffic.Make(Packets);
        int calls = 0;
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(2).HashedBy(Hasher.Bidirectional())
            .Process(() => new Numbers()).Ordered()
            .Report((in Result<long> result) => calls = calls == 99 ? throw new FormatException($"odd {++calls}") : calls + 1);
        PipelineException error = Assert.Throws<PipelineException>(() => pipeline.Run(TestContext.Current.CancellationToken));
        Assert.StartsWith("reporter, the result of order ", error.Message, StringComparison.Ordinal);
        Assert.Equal(100, calls);
        Assert.Equal(PipelineState.Finished, pipeline.State);
    }

    private sealed class Throwing(string callback) : PacketProcessor<long>
    {
        public override void OnStarting() => Throw("starting");

        public override void OnResuming() => Throw("resuming");

        public override void OnFirstPacket(long timeNs) => Throw("first");

        public override void OnPacket(in Packet packet)
        {
            if (packet.Number == Bad)
            {
                Throw("packet");
            }
        }

        public override void OnTick(Tick tick) => Throw("tick");

        public override void OnMessage(object message) => Throw("message");

        public override void OnPausing() => Throw("pausing");

        public override void OnStopping() => Throw("stopping");

        private void Throw(string where) => _ = where == callback ? throw new FormatException("odd") : 0;
    }
}
