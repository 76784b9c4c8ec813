using System.Diagnostics;
using RingTrace.Benchmarks.Compare;
using RingTrace.Benchmarks.Measuring;
using RingTrace.Benchmarks.Peers;
using RingTrace.Benchmarks.Workloads;

namespace RingTrace.Benchmarks.Snapshot;

/// <summary>
/// How fast a snapshot of 64 MiB of full rings is written to memory (tmpfs), beside copying as many bytes there, and
/// beside <c>lttng snapshot record</c>. In turn, in MB/s of what was written.
/// </summary>
internal sealed class SnapshotComparison(int repetitions, Action<string> progress)
{
    public const string Own = "snapshot";
    public const string FileCopy = "copy to a file";
    public const string MemoryCopy = "copy in memory";
    public const string Lttng = "lttng snapshot record";
    private const int MemoryBytes = 64 << 20;
    private const int WriteBytes = 256 << 10;

    /// <summary>LTTng's as large: 2 CPUs, 128 sub-buffers of 256 KiB.</summary>
    private const int LttngSubBuffers = 128;

    /// <summary>Several laps of the rings, also at 100 ns an event.</summary>
    private static readonly TimeSpan Fill = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, List<double>> _speeds = [];
    private readonly byte[] _source = GC.AllocateUninitializedArray<byte>(MemoryBytes, pinned: true);
    private readonly byte[] _target = GC.AllocateUninitializedArray<byte>(MemoryBytes, pinned: true);

    public async Task<Findings> RunAsync(CancellationToken cancel)
    {
        new Random(1).NextBytes(_source);
        using TemporaryDirectory directory = TemporaryDirectory.CreateInMemory();
        using FlightRecorder recorder = FlightRecorder.Start(
            new FlightRecorderOptions { Name = "benchmark", MemoryBytes = MemoryBytes });
        progress("filling the rings");
        using (EventThreads threads = new(Affinity.Cpus.Count))
        {
            threads.Run(new Repetition(new EventLoop<SmallEvent>(), Spaced: false, Fill), threads.Count);
        }

        await using LttngPeer lttng = new(PeerCatalog.Lttng, LttngSubBuffers);
        string? absent = await StartAsync(lttng, cancel);

        // The first round is the warm-up.
        for (int round = 0; round <= repetitions; round++)
        {
            progress(round == 0 ? "warm-up" : $"round {round} of {repetitions}");
            cancel.ThrowIfCancellationRequested();
            Add(Own, round, () => TakeSnapshot(recorder, directory["trace"]));
            Directory.Delete(directory["trace"], recursive: true);
            Add(FileCopy, round, () => CopyToFile(directory["copy"]));
            File.Delete(directory["copy"]);
            Add(MemoryCopy, round, CopyInMemory);
            if (absent is null)
            {
                long start = Stopwatch.GetTimestamp();
                await lttng.SnapshotAsync(cancel);
                Add(Lttng, round, Stopwatch.GetElapsedTime(start), lttng.RemoveSnapshots());
            }
        }

        List<Finding> results = [.. _speeds.Select(pair => Finding.Of(pair.Key, null, "MB/s", pair.Value))];
        if (absent is not null)
        {
            results.Add(new Finding { Name = Lttng, Skipped = absent });
        }

        return new Findings(Machine.Describe(), RingTraceWorkload.Describe(recorder), results, [GoalOf(results)]);
    }

    private static Bar GoalOf(List<Finding> results) => new(
        "snapshot, MB/s: half of a copy to a file",
        results.Find(row => row.Name == Own)?.Median,
        results.Find(row => row.Name == FileCopy)?.Median / 2,
        AtLeast: true);

    /// <summary>Starts LTTng and fills its rings; why not, when it can't.</summary>
    private static async Task<string?> StartAsync(LttngPeer lttng, CancellationToken cancel)
    {
        try
        {
            await lttng.StartAsync(cancel);
            await lttng.Process!.MeasureAsync(Payload.Small, Affinity.Cpus.Count, Fill, cancel);
            return null;
        }
        catch (PeerException e)
        {
            return e.Message;
        }
    }

    private void Add(string name, int round, Func<long> work)
    {
        long start = Stopwatch.GetTimestamp();
        long bytes = work();
        Add(name, round, Stopwatch.GetElapsedTime(start), bytes);
    }

    private void Add(string name, int round, TimeSpan time, long bytes)
    {
        if (round == 0)
        {
            _speeds[name] = [];
        }
        else
        {
            _speeds[name].Add(bytes / 1e6 / time.TotalSeconds);
        }
    }

    private static long TakeSnapshot(FlightRecorder recorder, string path) => recorder.Snapshot(path).Bytes;

    /// <summary>To a new file, as much a call as a sub-buffer has.</summary>
    private long CopyToFile(string path)
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        for (int offset = 0; offset < MemoryBytes; offset += WriteBytes)
        {
            RandomAccess.Write(file, _source.AsSpan(offset, WriteBytes), offset);
        }

        return MemoryBytes;
    }

    private long CopyInMemory()
    {
        _source.AsSpan().CopyTo(_target);
        return MemoryBytes;
    }

    private readonly struct SmallEvent : IEvent
    {
        public static void Emit(long id) => BenchEvents.Small(id, Workload.Value);
    }
}
