using RingTrace.Attach;
using RingTrace.Benchmarks.Compare;
using RingTrace.Benchmarks.Measuring;
using RingTrace.Benchmarks.Outside;
using RingTrace.Benchmarks.Peers;
using RingTrace.Buffers;
using RingTrace.Formats;
using RingTrace.Pipeline;
using RingTrace.Pipeline.Statistics;

namespace RingTrace.Benchmarks.Live;

/// <summary>See <see cref="LiveCommand"/>.</summary>
internal sealed class LiveComparison(TimeSpan length, Action<string> progress)
{
    private const string Paced = "discard, 1 M events/s";
    private const string Full = "discard, full speed";
    private const string Snapshots = "overwrite, 1 M events/s, snapshots";
    private const int Million = 1_000_000;
    private const int Threads = 2;

    private readonly List<Finding> _rows = [];
    private readonly TemporaryDirectory _directory = TemporaryDirectory.CreateInMemory();

    public async Task<Findings> RunAsync(CancellationToken cancel)
    {
        using (_directory)
        {
            string service = await FollowAsync(Paced, RingMode.Discard, Million, cancel);
            await FollowAsync(Full, RingMode.Discard, 0, cancel);
            await FollowAsync(Snapshots, RingMode.Overwrite, Million, cancel);
            return new Findings(Machine.Describe(), service, _rows, Goals());
        }
    }

    private Bar[] Goals() =>
    [
        new($"{Paced}: emitted, of what was to be", Median(Paced, "emitted") / (Million * length.TotalSeconds), 0.98, AtLeast: true),
        new($"{Paced}: lost", Median(Paced, "lost"), 0),
        new($"{Paced}: emitted - consumed", Median(Paced, "unaccounted"), 0),
        new($"{Full}: emitted - consumed - lost", Median(Full, "unaccounted"), 0),
        new($"{Snapshots}: taken", Median(Snapshots, "taken"), 1, AtLeast: true),
        new($"{Snapshots}: problems in them", Median(Snapshots, "problems"), 0),
        new($"{Snapshots}: emitted - consumed - lost", Median(Snapshots, "unaccounted"), 0),
    ];

    private double? Median(string row, string point) => _rows.Find(found => found.Name == row && found.Point == point)?.Median;

    /// <summary>Follows a service while it emits and to its end, and then compares what it emitted with what came.</summary>
    private async Task<string> FollowAsync(string row, RingMode mode, int rate, CancellationToken cancel)
    {
        progress(row);
        List<Following> following = [];
        using PacedService service = await PacedService.StartAsync(mode, _directory["rings"], cancel);
        using Pipeline<long> pipeline = PacketPipeline.Open($"ringtrace:{service.Found.RingPath}").WithThreads(Threads).Process(() =>
        {
            following.Add(new Following());
            return following[^1];
        }).Report((in Result<long> _) => { });
        pipeline.Start();
        Task<PeerReply> emitting = service.EmitAsync(rate, length, Threads, cancel);
        if (mode == RingMode.Overwrite)
        {
            TakeSnapshots(row, service.Found, emitting, cancel);
        }

        PeerReply reply = await emitting;
        service.Dispose();
        pipeline.Wait();
        PipelineStatistics statistics = pipeline.Statistics;
        Add(row, "emitted", "events", reply.Events);
        Add(row, "consumed", "events", statistics.Processed);
        Add(row, "lost", "events", statistics.Dropped);
        Add(row, "late", "events", statistics.Late);
        Add(row, "of the busier thread", "events", statistics.Threads.Max());
        Add(row, "unaccounted", "events", Math.Abs(reply.Events - statistics.Processed - statistics.Dropped));
        Add(row, "peak memory so far", "MiB", ProcessMemory.PeakBytes >> 20);
        Add(row, "behind", "ms", [.. following.SelectMany(one => one.Behind)]);
        return service.Description;
    }

    /// <summary>One after the other until all is emitted; the last one is read.</summary>
    private void TakeSnapshots(string row, FoundRecorder found, Task emitting, CancellationToken cancel)
    {
        string trace = _directory["trace"];
        List<double> times = [];
        int problems = 0;
        while (!emitting.IsCompleted && !cancel.IsCancellationRequested)
        {
            using OutsideRecorder recorder = OutsideRecorder.Open(found);
            long start = System.Diagnostics.Stopwatch.GetTimestamp();
            recorder.Snapshot(trace, cancel: cancel);
            times.Add(System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            problems += TraceReader.Open(trace).Problems.Count;
            Directory.Delete(trace, recursive: true);
        }

        Add(row, "taken", "snapshots", times.Count);
        Add(row, "problems", "problems", problems);
        Add(row, "snapshot", "ms", [.. times]);
    }

    private void Add(string row, string point, string unit, params double[] values) => _rows.Add(Finding.Of(row, point, unit, values));
}
