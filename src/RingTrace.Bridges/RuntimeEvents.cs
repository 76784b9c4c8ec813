namespace RingTrace.Bridges;

/// <summary>Why a garbage collection happened.</summary>
internal enum GcReason
{
    SmallObjects = 0,
    Induced = 1,
    LowMemory = 2,
    Empty = 3,
    LargeObjects = 4,
    OutOfSpaceSmall = 5,
    OutOfSpaceLarge = 6,
    InducedNotForced = 7,
    Internal = 8,
    InducedLowMemory = 9,
    InducedCompacting = 10,
    LowMemoryHost = 11,
    PinnedFullBlocking = 12,
    LowMemoryHostBlocking = 13,
}

/// <summary>How a garbage collection works.</summary>
internal enum GcKind
{
    Blocking = 0,
    Background = 1,
    ForegroundDuringBackground = 2,
}

/// <summary>Why the thread pool changes the number of its workers.</summary>
internal enum PoolReason
{
    Warmup = 0,
    Initializing = 1,
    RandomMove = 2,
    ClimbingMove = 3,
    ChangePoint = 4,
    Stabilizing = 5,
    Starvation = 6,
    ThreadTimedOut = 7,
    CooperativeBlocking = 8,
}

/// <summary>
/// What the runtime does. A record is made some milliseconds after the fact, by another thread: <c>at</c> says when
/// it really happened, and <c>thread</c> on which thread of the operating system.
/// </summary>
[TraceProvider("Runtime", Category = "runtime", Channel = Channels.Runtime)]
internal static partial class RuntimeEvents
{
    /// <summary>A garbage collection begins.</summary>
    [TraceEvent]
    public static partial void GcStart(DateTime at, long thread, int number, int generation, GcReason reason, GcKind kind);

    /// <summary>It has ended. The time it took is zero when its begin was not seen.</summary>
    [TraceEvent]
    public static partial void GcEnd(DateTime at, long thread, int number, int generation, TimeSpan took);

    /// <summary>All threads stood still, from the moment they were asked to.</summary>
    [TraceEvent]
    public static partial void Pause(DateTime at, TimeSpan took, bool forGc);

    /// <summary>An exception is thrown, caught later or not.</summary>
    [TraceEvent(Level = TraceLevel.Warning)]
    public static partial void ExceptionThrown(DateTime at, long thread, string type, string message);

    /// <summary>A thread has waited for a lock that another held.</summary>
    [TraceEvent]
    public static partial void Contention(DateTime at, long thread, TimeSpan waited);

    /// <summary>The number of the pool's threads has changed.</summary>
    [TraceEvent]
    public static partial void PoolThreads(DateTime at, int workers);

    /// <summary>The pool aims at another number of threads.</summary>
    [TraceEvent]
    public static partial void PoolAdjusted(DateTime at, int workers, double throughput, PoolReason reason);
}
