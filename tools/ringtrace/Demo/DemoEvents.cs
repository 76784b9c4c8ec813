namespace RingTrace.Tool.Demo;

/// <summary>
/// What the demo's service records. Every event but a span's end carries the request's id, so a request's story can be
/// read from the trace.
/// </summary>
[TraceProvider("Demo")]
internal static partial class DemoEvents
{
    /// <summary>A request, from its arrival to its answer.</summary>
    [TraceSpan]
    public static partial TraceSpan Request(long id, string method, string path);

    /// <summary>A computation.</summary>
    [TraceSpan]
    public static partial TraceSpan Compute(long id);

    /// <summary>A piece of a computation is done.</summary>
    [TraceEvent]
    public static partial void Hashed(long id, int rounds, uint digest);

    /// <summary>A visit to the store, the wait for its lock included.</summary>
    [TraceSpan]
    public static partial TraceSpan Store(long id, int key);

    /// <summary>Something was looked up, under the lock.</summary>
    [TraceEvent]
    public static partial void StoreRead(long id, int key, bool found);

    /// <summary>Something was put in, under the lock.</summary>
    [TraceEvent]
    public static partial void StoreWritten(long id, int key, int items);

    /// <summary>A call to another service.</summary>
    [TraceSpan]
    public static partial TraceSpan Call(long id, string path);

    /// <summary>The other service's answer.</summary>
    [TraceEvent]
    public static partial void Answered(long id, int status, int bytes);

    /// <summary>The answer is made and about to be sent.</summary>
    [TraceEvent]
    public static partial void Response(long id, int status, int bytes);

    /// <summary>A request took longer than it may.</summary>
    [TraceEvent(Level = TraceLevel.Warning)]
    public static partial void SlowRequest(long id, double milliseconds);
}
