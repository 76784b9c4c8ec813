namespace RingTrace.Target;

/// <summary>What the target records.</summary>
[TraceProvider("Target")]
public static partial class TargetEvents
{
    /// <summary>One of a worker's events; their numbers are without gaps.</summary>
    [TraceEvent]
    public static partial void Tick(long number, int worker);

    /// <summary>A span of nothing.</summary>
    [TraceSpan]
    public static partial TraceSpan Work(long number);
}
