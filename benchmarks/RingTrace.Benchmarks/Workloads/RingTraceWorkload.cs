using RingTrace.Benchmarks.Measuring;

namespace RingTrace.Benchmarks.Workloads;

/// <summary>
/// RingTrace with the default options. The writer and the clock are chosen by its environment variables, as in a
/// service; <see cref="Description"/> says what came of it.
/// </summary>
internal sealed class RingTraceWorkload : Workload
{
    /// <summary>Set to measure disabled events.</summary>
    public const string DisabledVariable = "RINGTRACE_BENCHMARK_DISABLED";

    private readonly FlightRecorder _recorder;
    private ulong _written;

    public RingTraceWorkload()
        : base(new Dictionary<string, EventLoop>
        {
            [Payload.Small] = new EventLoop<SmallEvent>(),
            [Payload.Text] = new EventLoop<TextEvent>(),
            [Payload.Blob] = new EventLoop<BlobEvent>(),
        })
    {
        _recorder = FlightRecorder.Start(new FlightRecorderOptions { Name = "benchmark" });
        if (Environment.GetEnvironmentVariable(DisabledVariable) is not null)
        {
            _recorder.Disable("*");
        }
    }

    public override string Description => Describe(_recorder);

    /// <summary>The writer and the clock that a recorder turned out to have.</summary>
    public static string Describe(FlightRecorder recorder)
    {
        RecorderStatistics statistics = recorder.Statistics();
        return $"writer={statistics.Writer} clock={statistics.Clock}";
    }

    /// <summary>What the rings' counters grew by, so packet headers and padding are in it.</summary>
    public override double? BytesPerEvent(string fields, long events)
    {
        ulong written = _recorder.Statistics().Rings.Aggregate(0ul, (sum, ring) => sum + ring.BytesWritten);
        double bytes = (double)(written - _written) / events;
        _written = written;
        return bytes;
    }

    /// <summary>Measures no more after that: the trace has a recorder of its own.</summary>
    public override string Keep(string directory)
    {
        _recorder.Dispose();
        return KeptTrace.Make(directory, Loops[Payload.Small]).ToJson();
    }

    public override void Dispose()
    {
        _recorder.Dispose();
        base.Dispose();
    }

    private readonly struct SmallEvent : IEvent
    {
        public static void Emit(long id) => BenchEvents.Small(id, Value);
    }

    private readonly struct TextEvent : IEvent
    {
        public static void Emit(long id) => BenchEvents.Text(id, Value, Text);
    }

    private readonly struct BlobEvent : IEvent
    {
        public static void Emit(long id) => BenchEvents.Blob(Blob);
    }
}
