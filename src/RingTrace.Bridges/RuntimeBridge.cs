using System.Diagnostics.Tracing;
using System.Globalization;
using static RingTrace.Bridges.SourceListener;

namespace RingTrace.Bridges;

/// <summary>
/// Records what the runtime does: garbage collections and their pauses, exceptions thrown, waits for locks, the thread
/// pool. Each record has the original time in its field <c>at</c>. Thread-safe.
/// </summary>
public sealed class RuntimeBridge : IDisposable
{
    private const EventKeywords Gc = (EventKeywords)0x1;
    private const EventKeywords Contention = (EventKeywords)0x4000;
    private const EventKeywords Exceptions = (EventKeywords)0x8000;
    private const EventKeywords Threading = (EventKeywords)0x10000;

    /// <summary>The reasons for a suspension of all threads that are a collection's.</summary>
    private static readonly long[] ForGc = [1, 6];

    private readonly BridgeCalls _calls = new("runtime");
    private readonly SourceListener _listener;

    /// <summary>As the operating system numbers this thread; 0 when it has not been asked.</summary>
    [ThreadStatic]
    private static long t_thread;

    // All events come from one dispatching thread of the runtime, which may be another after a listener has come or gone.
    private (long Number, DateTime At) _collection;
    private (long Reason, DateTime At)? _suspension;

    private RuntimeBridge() => _listener = new SourceListener(
        "Microsoft-Windows-DotNETRuntime",
        static (source, listener) =>
            listener.EnableEvents(source, EventLevel.Informational, Gc | Contention | Exceptions | Threading),
        Handle,
        _calls);

    /// <summary>How many events could not be recorded because something went wrong here.</summary>
    public long Failures => _calls.Failures;

    /// <summary>Starts the bridge; once per process, or each record is made twice.</summary>
    /// <param name="recorder">Into its channel <c>runtime</c>, if it has one, else the first.</param>
    public static RuntimeBridge Start(FlightRecorder recorder)
    {
        ArgumentNullException.ThrowIfNull(recorder);
        recorder.Add(RuntimeEvents.Provider);
        recorder.Add(BridgeEvents.Provider);
        return new RuntimeBridge();
    }

    /// <summary>Stops the bridge.</summary>
    public void Dispose() => _listener.Dispose();

    private void Handle(EventWrittenEventArgs heard)
    {
        DateTime at = heard.TimeStamp;
        long thread = heard.OSThreadId;
        switch (heard.EventId)
        {
            case 1:
                _collection = (Number(heard, "Count"), at);
                RuntimeEvents.GcStart(
                    at, thread, (int)_collection.Number, (int)Number(heard, "Depth"),
                    (GcReason)Number(heard, "Reason"), (GcKind)Number(heard, "Type"));
                break;
            case 2:
                long number = Number(heard, "Count");
                TimeSpan took = number == _collection.Number ? at - _collection.At : TimeSpan.Zero;
                RuntimeEvents.GcEnd(at, thread, (int)number, (int)Number(heard, "Depth"), took);
                break;
            case 9:
                _suspension = (Number(heard, "Reason"), at);
                break;
            case 3 when _suspension is { } suspension:
                _suspension = null;
                RuntimeEvents.Pause(suspension.At, at - suspension.At, ForGc.Contains(suspension.Reason));
                break;
            case 80 when thread != CurrentThread():
                RuntimeEvents.ExceptionThrown(at, thread, Text(heard, "ExceptionType"), Text(heard, "ExceptionMessage"));
                break;
            case 91 when thread != CurrentThread():
                TimeSpan waited = Field(heard, "DurationNs") is double ns ? TimeSpan.FromMicroseconds(ns / 1000) : TimeSpan.Zero;
                RuntimeEvents.Contention(at, thread, waited);
                break;
            case 50 or 51:
                RuntimeEvents.PoolThreads(at, (int)Number(heard, "ActiveWorkerThreadCount"));
                break;
            case 55:
                RuntimeEvents.PoolAdjusted(
                    at, (int)Number(heard, "NewWorkerThreadCount"),
                    Field(heard, "AverageThroughput") as double? ?? 0, (PoolReason)Number(heard, "Reason"));
                break;
        }
    }

    /// <summary>
    /// The thread that runs this: what it throws, or waits for, would come back to it as its next events for ever.
    /// </summary>
    private static long CurrentThread()
    {
        if (t_thread == 0)
        {
            string? task = new FileInfo("/proc/thread-self").LinkTarget;
            _ = long.TryParse(Path.GetFileName(task), NumberStyles.None, CultureInfo.InvariantCulture, out t_thread);
        }

        return t_thread;
    }
}
