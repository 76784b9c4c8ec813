using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using RingTrace.Benchmarks.Workloads;

namespace RingTrace.Benchmarks.Micro;

/// <summary>What one typed event costs its caller, beside the clock that it must read.</summary>
[MemoryDiagnoser]
public class EventBenchmarks : IDisposable
{
    private readonly byte[] _blob = new byte[64];
    private FlightRecorder? _recorder;
    private long _id;

    [GlobalSetup]
    public void Start() => _recorder = FlightRecorder.Start(new FlightRecorderOptions { Name = "benchmark" });

    [GlobalCleanup]
    public void Dispose()
    {
        _recorder?.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark(Baseline = true)]
    public long Clock() => _id = Stopwatch.GetTimestamp();

    [Benchmark]
    public void Small() => BenchEvents.Small(++_id, 7);

    [Benchmark]
    public void Text() => BenchEvents.Text(++_id, 7, "sixteen letters!");

    [Benchmark]
    public void Blob64() => BenchEvents.Blob(_blob);

    [Benchmark]
    public void SpanOfTwoEvents()
    {
        using TraceSpan span = BenchEvents.Span(++_id);
    }

    [Benchmark]
    public void Empty() => ++_id;

    [Benchmark]
    public void Disabled() => BenchEvents.Disabled(++_id, 7);
}
