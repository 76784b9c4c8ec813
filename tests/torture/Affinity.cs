using System.Runtime.InteropServices;

namespace RingTrace.Torture;

/// <summary>Which CPUs threads may run on.</summary>
internal static unsafe partial class Affinity
{
    private const int Words = 16;

    /// <summary>The CPUs that the process started with.</summary>
    public static IReadOnlyList<int> Allowed { get; } = ReadAllowed();

    /// <summary>The kernel's id of the calling thread.</summary>
    public static int CurrentThread => RingTrace.Buffers.CallingThread.Current.ThreadId;

    /// <summary>Pins the calling thread to the n-th CPU of those; nothing happens if the kernel refuses.</summary>
    public static void PinTo(int n) => Move(0, Allowed[n % Allowed.Count]);

    /// <summary>Pins a thread to a CPU; 0 is the calling one.</summary>
    public static void Move(int thread, int cpu)
    {
        ulong* mask = stackalloc ulong[Words];
        new Span<ulong>(mask, Words).Clear();
        mask[cpu / 64] = 1ul << (cpu % 64);
        _ = Set(thread, Words * sizeof(ulong), mask);
    }

    private static List<int> ReadAllowed()
    {
        ulong* mask = stackalloc ulong[Words];
        return Get(0, Words * sizeof(ulong), mask) < 0 ? [0]
            : [.. Enumerable.Range(0, Words * 64).Where(cpu => (mask[cpu / 64] >> (cpu % 64) & 1) != 0)];
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int Get(int thread, nuint length, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int Set(int thread, nuint length, ulong* mask);
}
