namespace RingTrace.Benchmarks.Reading;

/// <summary>What a small web service records: spans, numbers, short texts.</summary>
[TraceProvider("Web")]
public static partial class ReadEvents
{
    [TraceSpan]
    public static partial TraceSpan Request(long id, string method, string path);

    [TraceSpan]
    public static partial TraceSpan Compute(long id);

    [TraceEvent]
    public static partial void Hashed(long id, int rounds, uint digest);

    [TraceEvent]
    public static partial void StoreRead(long id, int key, bool found);

    [TraceEvent]
    public static partial void StoreWritten(long id, int key, int items);

    [TraceEvent]
    public static partial void Answered(long id, int status, int bytes);

    [TraceEvent(Level = TraceLevel.Warning)]
    public static partial void SlowRequest(long id, double milliseconds);
}
