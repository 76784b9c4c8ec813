using System.Diagnostics;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Demo;

/// <summary>What a run did, before its traces are read.</summary>
/// <param name="Served">Requests that the server answered.</param>
/// <param name="Failed">Requests that clients saw fail.</param>
/// <param name="Duration">How long the load ran.</param>
/// <param name="BytesWritten">Bytes of events since the start, overwritten ones included.</param>
/// <param name="Slow">The request that triggered a snapshot.</param>
/// <param name="Triggered">That snapshot.</param>
/// <param name="Final">The snapshot of all that the rings held at the end.</param>
internal sealed record DemoResult(
    long Served,
    long Failed,
    TimeSpan Duration,
    ulong BytesWritten,
    SlowRequest Slow,
    SnapshotResult Triggered,
    SnapshotResult Final);

/// <summary>
/// The demo's course: recorder, server and load start; halfway one request is made slow, which triggers a snapshot
/// while the load goes on; at the end comes a snapshot of everything.
/// </summary>
internal static class DemoRun
{
    /// <summary>How far back the triggered snapshot goes.</summary>
    public static readonly TimeSpan TriggeredWindow = TimeSpan.FromSeconds(2);

    /// <summary>The load goes on until the triggered snapshot is there, but no longer than this.</summary>
    private static readonly TimeSpan TriggerTimeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan ProgressPeriod = TimeSpan.FromMilliseconds(200);

    public static async Task<DemoResult> RunAsync(
        TimeSpan duration, string directory, DemoProgress progress, CancellationToken cancel)
    {
        using FlightRecorder recorder = FlightRecorder.Start(new FlightRecorderOptions
        {
            Name = "ringtrace-demo",
            OnWarning = ExitCodes.Say,
        });
        await using DemoServer server = await DemoServer.StartAsync(cancel);
        await using DemoLoad load = new(server.Address, cancel);
        long start = Stopwatch.GetTimestamp();
        Task<(SlowRequest, SnapshotResult)> triggered = SnapshotFirstSlowAsync(
            recorder, server.FirstSlow, Path.Combine(directory, "slow"), cancel);

        await ServeAsync(duration / 2);
        server.MakeOneSlow();
        await ServeAsync(duration);
        (SlowRequest slow, SnapshotResult snapshot) = await triggered.WaitAsync(TriggerTimeout, cancel);

        await load.StopAsync();
        await server.StopAsync(cancel);
        TimeSpan served = Elapsed();
        SnapshotResult final = recorder.Snapshot(Path.Combine(directory, "final"), reason: "end of the demo");
        ulong written = recorder.Statistics().Rings.Aggregate(0UL, (sum, ring) => sum + ring.BytesWritten);
        return new DemoResult(server.Served, load.Failed, served, written, slow, snapshot, final);

        async Task ServeAsync(TimeSpan until)
        {
            for (TimeSpan elapsed = Elapsed(); elapsed < until; elapsed = Elapsed())
            {
                TimeSpan left = until - elapsed;
                await Task.Delay(left < ProgressPeriod ? left : ProgressPeriod, cancel);
                progress.Tell(Elapsed(), server.Served);
            }
        }

        TimeSpan Elapsed() => Stopwatch.GetElapsedTime(start);
    }

    /// <summary>The trigger: runs beside the requests, so that none of them waits for the disk.</summary>
    private static async Task<(SlowRequest, SnapshotResult)> SnapshotFirstSlowAsync(
        FlightRecorder recorder, Task<SlowRequest> firstSlow, string path, CancellationToken cancel)
    {
        SlowRequest slow = await firstSlow.WaitAsync(cancel);
        string reason = $"request {slow.Id} took {slow.Duration.TotalMilliseconds:F0} ms";
        return (slow, recorder.Snapshot(path, TriggeredWindow, reason));
    }
}
