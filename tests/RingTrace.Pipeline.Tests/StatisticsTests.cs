using RingTrace.Pipeline.Hashing;
using RingTrace.Pipeline.Statistics;
using Xunit;

namespace RingTrace.Pipeline.Tests;

public sealed class StatisticsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void While_it_runs_no_figure_is_negative_and_all_add_up(bool cancels)
    {
        const int Packets = 100_000;
        using Traffic traffic = Traffic.Make(Packets);
        Pipeline<long>? running = null;
        using Pipeline<long> pipeline = PacketPipeline.Open(traffic.Path).WithThreads(4).HashedBy(Hasher.Bidirectional())
            .Where("not port 1003")
            .Process(() => new Numbers { Work = number => Cancel(number) }).Ordered().Report(new Keeper());
        running = pipeline;
        pipeline.Start();
        PipelineStatistics last = pipeline.Statistics;
        int looks = 0;
        for (; pipeline.State != PipelineState.Finished; looks++)
        {
            PipelineStatistics now = pipeline.Statistics;
            Check(now);
            Assert.True(now.Processed >= last.Processed && now.Filtered >= last.Filtered && now.Discarded >= last.Discarded);
            last = now;
        }

        PipelineStatistics end = pipeline.Statistics;
        Check(end);
        Assert.True(looks > 0);
        Assert.Equal((0, 4), (end.Waiting, end.Threads.Count));
        Assert.Equal(cancels, end.Captured < Packets || end.Discarded > 0);
        Assert.InRange(end.Filtered, 1, Packets / 20);

        void Cancel(long number)
        {
            if (cancels && number == 20_000)
            {
                running!.Cancel();
            }
        }
    }

    [Theory]
    [InlineData(10, 2)]
    [InlineData(0, 0)]
    public void What_comes_behind_its_interval_s_tick_is_late(int interval, int late)
    {
        using Traffic traffic = new();
        foreach (int millisecond in new[] { 1, 12, 25, 5, 21, 19, 31 })
        {
            traffic.Add(1_700_000_000_000_000_000 + (millisecond * 1_000_000L), 1, 1);
        }

        traffic.Write();
        PipelineBuilder builder = PacketPipeline.Open(traffic.Path).WithThreads(2);
        using Pipeline<long> pipeline = (interval > 0 ? builder.TickEvery(TimeSpan.FromMilliseconds(interval)) : builder)
            .Process(() => new Numbers()).Report(new Keeper());
        Assert.Equal(late, pipeline.Run(TestContext.Current.CancellationToken).Late);
    }

    [Fact]
    public void Packets_that_the_capturer_lost_or_met_damaged_are_counted()
    {
        // Three records of ERF: the second was damaged on the wire, and two packets were lost before the third.
        List<byte> bytes = [];
        foreach ((byte flags, byte lost) in new (byte, byte)[] { (4, 0), (0x14, 0), (4, 2) })
        {
            bytes.AddRange([0, 0, 0, 0, 1, 0, 0, 0, 2, flags, 0, 16 + 2 + 60, 0, lost, 0, 60, .. new byte[62]]);
        }

        File.WriteAllBytes(_file, [.. bytes]);
        Check(3, 2, 1);
    }

    [Fact]
    public void Errors_of_the_link_that_pcapng_tells_of_are_counted()
    {
        byte[] section = [.. Words(0x0A0D0D0A, 28, 0x1A2B3C4D, 1, uint.MaxValue, uint.MaxValue, 28)];
        byte[] link = [.. Words(1, 20, 1, 0, 20)];
        File.WriteAllBytes(_file, [.. section, .. link, .. Packet(1), .. Packet(1u << 24), .. Packet(2)]);

        // The section and the interface are records, too.
        Check(5, 0, 1);

        // With flags as its only option.
        static byte[] Packet(uint flags) => [.. Words(6, 48, 0, 0, 0, 4, 4, 0, 0x0004_0002, flags, 0, 48)];

        static IEnumerable<byte> Words(params uint[] words) => words.SelectMany(BitConverter.GetBytes);
    }

    public void Dispose() => File.Delete(_file);

    private void Check(long captured, long dropped, long errors)
    {
        using Pipeline<long> pipeline = PacketPipeline.Open(_file).WithThreads(2).Process(() => new Numbers()).Report(new Keeper());
        PipelineStatistics statistics = pipeline.Run(TestContext.Current.CancellationToken);
        Assert.Equal((captured, dropped, errors), (statistics.Captured, statistics.Dropped, statistics.Errors));
        Assert.Equal(captured + dropped, statistics.Received);
    }

    private static void Check(PipelineStatistics statistics)
    {
        Assert.All(
            [
                statistics.Filtered, statistics.Discarded, statistics.Waiting, statistics.Dropped, statistics.Missing, statistics.Errors,
                statistics.Late, statistics.Copied, statistics.Orphans, .. statistics.Threads,
            ],
            figure => Assert.True(figure >= 0, $"{statistics}"));
        Assert.Equal(statistics.Threads.Sum(), statistics.Processed);
        Assert.Equal(statistics.Processed + statistics.Waiting, statistics.Accepted);
        Assert.Equal(statistics.Accepted + statistics.Filtered + statistics.Discarded, statistics.Captured);
    }
}
