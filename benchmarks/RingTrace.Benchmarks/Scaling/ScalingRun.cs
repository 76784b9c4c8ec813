using RingTrace.Benchmarks.Compare;
using RingTrace.Benchmarks.Measuring;
using RingTrace.Benchmarks.Workloads;

namespace RingTrace.Benchmarks.Scaling;

/// <summary>
/// What the cost of an event hangs on: threads, size, ring, the first lap, a snapshot beside it. RingTrace alone, with
/// the writer and the clock that it chooses, or that the environment does. Costs are CPU time of the writing threads,
/// who never wait: so others on the machine, and threads that share a CPU, do not count.
/// </summary>
internal sealed class ScalingRun(int repetitions, Action<string> progress)
{
    private const long DefaultMemory = 64 << 20;
    private const int MaxThreads = 8;
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BesideSnapshots = TimeSpan.FromMilliseconds(250);
    private const int WarmUps = 8;

    /// <summary>What an event of (long, int) takes, without its part of the packet's header.</summary>
    private const int SmallBytes = 22;

    private static readonly int[] Sizes = [0, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096];

    private readonly List<Finding> _results = [];
    private readonly List<Bar> _goals = [];
    private readonly EventLoop _small = new EventLoop<SmallEvent>();
    private readonly EventLoop _sized = new EventLoop<SizedEvent>();

    public Findings Run(CancellationToken cancel)
    {
        string description;
        using EventThreads threads = new(MaxThreads);
        using (FlightRecorder recorder = Start(DefaultMemory))
        {
            description = RingTraceWorkload.Describe(recorder);
            progress("warm-up");
            for (int i = 0; i < WarmUps; i++)
            {
                threads.Run(new Repetition(_small, Spaced: false, WarmUp), 1);
                threads.Run(new Repetition(_sized, Spaced: false, WarmUp), 1);
            }

            ByThreads(threads, cancel);
            BySize(threads, cancel);
        }

        ByRing(threads, cancel);
        BySnapshot(threads, cancel);
        return new Findings(Machine.Describe(), description, _results, _goals);
    }

    private static FlightRecorder Start(long memoryBytes) =>
        FlightRecorder.Start(new FlightRecorderOptions { Name = "benchmark", MemoryBytes = memoryBytes });

    /// <summary>More threads than CPUs share them, and each event still costs its own time.</summary>
    private void ByThreads(EventThreads threads, CancellationToken cancel)
    {
        progress("threads");
        List<double>[] costs = [.. Enumerable.Range(0, MaxThreads).Select(_ => new List<double>())];
        Repeat(() =>
        {
            for (int count = 1; count <= MaxThreads; count++)
            {
                costs[count - 1].Add(threads.Run(new Repetition(_small, Spaced: false, Duration), count).CpuNs);
            }
        }, cancel);
        for (int count = 1; count <= MaxThreads; count++)
        {
            _results.Add(Finding.Of("threads", $"{count}", "CPU ns", costs[count - 1]));
        }
    }

    private void BySize(EventThreads threads, CancellationToken cancel)
    {
        progress("payload");
        Dictionary<int, List<double>> costs = Sizes.ToDictionary(size => size, _ => new List<double>());
        Repeat(() =>
        {
            foreach (int size in Sizes)
            {
                SizedEvent.Size = size;
                costs[size].Add(threads.Run(new Repetition(_sized, Spaced: false, Duration), 1).CpuNs);
            }
        }, cancel);
        _results.AddRange(Sizes.Select(size => Finding.Of("payload", $"{size} B", "CPU ns", costs[size])));
    }

    /// <summary>
    /// By the memory of all rings. The first lap is timed on a new recorder: its pages are there already, but not in
    /// the cache, nor in the translation buffer.
    /// </summary>
    private void ByRing(EventThreads threads, CancellationToken cancel)
    {
        for (long memory = 64 << 10; memory <= 256 << 20; memory *= 4)
        {
            progress($"ring {memory >> 10} KiB");
            List<double> first = [], later = [];
            long bytes = memory;
            Repeat(() =>
            {
                using FlightRecorder recorder = Start(bytes);
                long lap = bytes / Affinity.Cpus.Count / SmallBytes;
                first.Add(threads.Run(new Repetition(_small, Spaced: false, TimeSpan.MaxValue, lap), 1).CpuNs);
                later.Add(threads.Run(new Repetition(_small, Spaced: false, Duration), 1).CpuNs);
            }, cancel);
            string size = memory < 1 << 20 ? $"{memory >> 10} KiB" : $"{memory >> 20} MiB";
            _results.Add(Finding.Of("ring, first lap", size, "CPU ns", first));
            _results.Add(Finding.Of("ring, later laps", size, "CPU ns", later));
        }
    }

    /// <summary>The writer on the first CPU, one snapshot after the other on the second: with and without, in turn.</summary>
    private void BySnapshot(EventThreads threads, CancellationToken cancel)
    {
        progress("snapshots beside the writer");
        using FlightRecorder recorder = Start(DefaultMemory);
        Repetition repetition = new(_small, Spaced: false, BesideSnapshots);
        threads.Run(repetition, threads.Count);
        List<double> without = [], with = [];
        Repeat(() =>
        {
            without.Add(threads.Run(repetition, 1).CpuNs);
            using SnapshotLoop snapshots = new(recorder);
            with.Add(threads.Run(repetition, 1).CpuNs);
        }, cancel);
        _results.Add(Finding.Of("beside snapshots", "without", "CPU ns", without));
        _results.Add(Finding.Of("beside snapshots", "with", "CPU ns", with));
        _goals.Add(new Bar(
            "writer's CPU ns beside a snapshot loop: 1.10 x without",
            Statistic.MedianOf(with), 1.10 * Statistic.MedianOf(without)));
    }

    private void Repeat(Action round, CancellationToken cancel)
    {
        for (int i = 0; i < repetitions; i++)
        {
            cancel.ThrowIfCancellationRequested();
            round();
        }
    }

    private readonly struct SmallEvent : IEvent
    {
        public static void Emit(long id) => BenchEvents.Small(id, Workload.Value);
    }

    private readonly struct SizedEvent : IEvent
    {
        private static readonly byte[] s_bytes = new byte[Sizes[^1]];

        public static int Size { get; set; }

        public static void Emit(long id) => BenchEvents.Blob(s_bytes.AsSpan(0, Size));
    }
}
