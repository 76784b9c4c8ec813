namespace RingTrace.Benchmarks.Workloads;

/// <summary>The events that are measured, as a service declares its own.</summary>
[TraceProvider("Bench")]
public static partial class BenchEvents
{
    [TraceEvent]
    public static partial void Small(long id, int value);

    [TraceEvent]
    public static partial void Text(long id, int value, string text);

    [TraceEvent]
    public static partial void Blob(ReadOnlySpan<byte> blob);

    [TraceEvent(Level = TraceLevel.Debug)]
    public static partial void Disabled(long id, int value);

    [TraceSpan]
    public static partial TraceSpan Span(long id);
}
