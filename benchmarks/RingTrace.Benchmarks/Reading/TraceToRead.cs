using RingTrace.Benchmarks.Measuring;
using RingTrace.Benchmarks.Workloads;

namespace RingTrace.Benchmarks.Reading;

/// <summary>Makes a trace of a given size: the recorder's own, of every CPU, as a web service leaves it.</summary>
internal static class TraceToRead
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);

    /// <summary>Fills rings of the size and takes a snapshot of them.</summary>
    /// <returns>Who recorded it.</returns>
    public static string Make(string directory, long bytes, CancellationToken cancel)
    {
        using FlightRecorder recorder = FlightRecorder.Start(
            new FlightRecorderOptions { Name = "benchmark-read", MemoryBytes = bytes });
        using CancellationTokenSource full = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Thread[] threads = [.. Enumerable.Range(0, Affinity.Cpus.Count).Select(i => new Thread(() =>
        {
            Affinity.PinTo(i);
            Serve(i, full.Token);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        while (!cancel.IsCancellationRequested && !IsFull(recorder))
        {
            Thread.Sleep(Between);
        }

        full.Cancel();
        Array.ForEach(threads, thread => thread.Join());
        cancel.ThrowIfCancellationRequested();
        recorder.Snapshot(directory);
        return RingTraceWorkload.Describe(recorder);
    }

    /// <summary>Whether every ring has come round once.</summary>
    private static bool IsFull(FlightRecorder recorder) =>
        recorder.Statistics().Rings.All(ring => ring.BytesWritten >= (ulong)ring.Capacity);

    private static void Serve(int thread, CancellationToken until)
    {
        string[] paths = ["/orders", "/orders/42", "/search?q=lamp", "/", "/health", "/basket/items/7"];
        for (long id = thread; !until.IsCancellationRequested; id += 1000)
        {
            using TraceSpan request = ReadEvents.Request(id, id % 5 == 0 ? "POST" : "GET", paths[id / 1000 % paths.Length]);
            for (int i = 0; i < 3; i++)
            {
                using TraceSpan compute = ReadEvents.Compute(id);
                ReadEvents.Hashed(id, i, (uint)id);
                ReadEvents.StoreRead(id, i, i != 2);
            }

            ReadEvents.StoreWritten(id, 7, 3);
            ReadEvents.Answered(id, 200, 1234);
            if (id % 1000 == 0)
            {
                ReadEvents.SlowRequest(id, 12.5);
            }
        }
    }
}
