using System.Globalization;
using RingTrace.Attach;
using RingTrace.Attach.Tests;
using RingTrace.Formats;
using RingTrace.Pipeline.Statistics;
using Xunit;

namespace RingTrace.Pipeline.Tests.Parallel;

/// <summary>A process that writes as fast as it can, followed by threads that decode, each its own rings.</summary>
public sealed class ParallelLiveTests : IDisposable
{
    private const long Least = 500_000;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("ringtrace-pipeline-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("rseq", "0")]
    [InlineData("classic", "0")]
    [InlineData("rseq", "500000")]
    public void What_was_written_was_worked_on_or_is_counted_as_lost(string writer, string rate)
    {
        using TargetProcess target = TargetProcess.Start(_directory, "--threads", "2", "--mode", "discard", "--writer", writer);
        List<Summing> threads = [];
        using Pipeline<long> pipeline = Open(target, threads);
        pipeline.Start();
        target.Ask($"spin {rate}");
        Assert.True(SpinWait.SpinUntil(() => pipeline.Statistics.Processed > Least, Bound));
        long written = target.Ask("stop").Split(' ')[1..].Sum(count => long.Parse(count, CultureInfo.InvariantCulture));
        target.Ask("end");
        Assert.True(pipeline.Wait(Bound));
        PipelineStatistics statistics = pipeline.Statistics;
        Assert.Equal(written, statistics.Processed + statistics.Dropped);
        Assert.Equal(statistics.Dropped, statistics.LostBy.Values.Sum(lost => (long)lost));
        Assert.Equal(statistics.Dropped > 0 ? ["full"] : [], statistics.LostBy.Keys);
        Assert.Equal((0, 0), (statistics.Waiting, statistics.Overwritten));
        Assert.Equal(statistics.Threads, threads.Select(thread => thread.Events));

        // A writer that loses its CPU between the clock and the ring, and for long, is late: one of classic rings anywhere, else where a packet begins.
        Assert.InRange(statistics.Late, 0, writer == "classic" ? written / 1000 : 10);
        Assert.True(statistics.Late > 0 || threads.TrueForAll(thread => thread.IsInOrder));
    }

    [Fact]
    public void A_snapshot_is_taken_while_a_pipeline_follows()
    {
        using TargetProcess target = TargetProcess.Start(_directory, "--threads", "2", "--memory", $"{Environment.ProcessorCount * (32L << 20)}");
        List<Summing> threads = [];
        using Pipeline<long> pipeline = Open(target, threads);
        pipeline.Start();
        target.Ask("spin 300000");
        for (int i = 1; i <= 5; i++)
        {
            Assert.True(SpinWait.SpinUntil(() => pipeline.Statistics.Processed > i * Least / 10, Bound));
            string trace = Path.Combine(_directory, $"snapshot{i}");
            using OutsideRecorder recorder = OutsideRecorder.Open(RecorderFinder.Find(_directory).Single(found => found.ProcessId == target.Id));
            Assert.True(recorder.Snapshot(trace, cancel: TestContext.Current.CancellationToken).Streams.Count > 0);
            Assert.Empty(TraceReader.Open(trace).Problems);
        }

        long written = target.Ask("stop").Split(' ')[1..].Sum(count => long.Parse(count, CultureInfo.InvariantCulture));
        target.Ask("end");
        Assert.True(pipeline.Wait(Bound));
        Assert.Equal((written, 0), (pipeline.Statistics.Processed, pipeline.Statistics.Overwritten));
    }

    private static Pipeline<long> Open(TargetProcess target, List<Summing> threads) =>
        PacketPipeline.Open($"ringtrace:{target.Name}").WithThreads(2).Process(() =>
        {
            threads.Add(new Summing());
            return threads[^1];
        }).Report((in Result<long> _) => { });

    /// <summary>Counts, and looks whether times go back.</summary>
    private sealed class Summing : PacketProcessor<long>
    {
        private long _last;

        public long Events { get; private set; }

        public bool IsInOrder { get; private set; } = true;

        public override void OnPacket(in Packets.Packet packet)
        {
        }

        public override void OnEvent(in EventView item)
        {
            Events++;
            IsInOrder &= item.Timestamp >= _last;
            _last = item.Timestamp;
        }
    }
}
