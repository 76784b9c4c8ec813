using RingTrace.Benchmarks.Measuring;
using RingTrace.Benchmarks.Peers;

namespace RingTrace.Benchmarks.Scaling;

/// <summary>A thread on the second CPU that takes one snapshot after the other, until it is disposed.</summary>
internal sealed class SnapshotLoop : IDisposable
{
    private readonly TemporaryDirectory _directory = TemporaryDirectory.CreateInMemory();
    private readonly ManualResetEventSlim _running = new();
    private readonly FlightRecorder _recorder;
    private readonly Thread _thread;
    private volatile bool _stop;

    /// <summary>Returns when the first one is under way.</summary>
    public SnapshotLoop(FlightRecorder recorder)
    {
        _recorder = recorder;
        _thread = new Thread(Run) { IsBackground = true, Name = "snapshots" };
        _thread.Start();
        _running.Wait();
    }

    public void Dispose()
    {
        _stop = true;
        _thread.Join();
        _running.Dispose();
        _directory.Dispose();
    }

    private void Run()
    {
        Affinity.PinTo(1);
        _running.Set();
        while (!_stop)
        {
            _recorder.Snapshot(_directory["trace"]);
            Directory.Delete(_directory["trace"], recursive: true);
        }
    }
}
