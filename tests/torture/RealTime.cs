using System.Runtime.InteropServices;

namespace RingTrace.Torture;

/// <summary>
/// Real-time priority: a thread of it that wakes up takes its CPU from whoever runs there, at once and wherever he is.
/// </summary>
/// <remarks>
/// Such a thread must not allocate: the collector's lock is a spin lock, and its owner may be the thread that lost the CPU.
/// </remarks>
internal static partial class RealTime
{
    private const int FifoPolicy = 1;
    private const int OrdinaryPolicy = 0;

    /// <summary>False when the kernel refuses; asked once.</summary>
    public static bool IsPossible { get; } = Probe();

    /// <summary>The calling thread, until <see cref="End"/>. Threads that it makes inherit it.</summary>
    public static bool Begin() => Set(FifoPolicy, 1);

    public static void End() => _ = Set(OrdinaryPolicy, 0);

    /// <summary>Sleeps so long and, without real-time priority, the timer's slack of some 50 µs more.</summary>
    public static void Nap(int microseconds)
    {
        TimeSpec time = new() { Nanoseconds = microseconds * 1_000L };
        _ = Sleep(in time, 0);
    }

    private static bool Probe()
    {
        bool isPossible = false;
        Thread thread = new(() => isPossible = Begin());
        thread.Start();
        thread.Join();
        return isPossible;
    }

    private static bool Set(int policy, int priority) => SetScheduler(0, policy, in priority) == 0;

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, in int priority);

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int Sleep(in TimeSpec time, nint remaining);
}
