using System.Runtime.InteropServices;

namespace RingTrace.Torture;

/// <summary>Pins the calling thread to one CPU.</summary>
internal static unsafe partial class Affinity
{
    private const int Words = 16;

    /// <summary>To the n-th CPU of those that the thread may run on; nothing happens if the kernel refuses.</summary>
    public static void PinTo(int n)
    {
        ulong* mask = stackalloc ulong[Words];
        nuint length = Words * sizeof(ulong);
        if (Get(0, length, mask) < 0)
        {
            return;
        }

        List<int> allowed = [.. Enumerable.Range(0, Words * 64).Where(cpu => IsSet(mask, cpu))];
        new Span<ulong>(mask, Words).Clear();
        int chosen = allowed[n % allowed.Count];
        mask[chosen / 64] = 1ul << (chosen % 64);
        _ = Set(0, length, mask);
    }

    private static bool IsSet(ulong* mask, int cpu) => (mask[cpu / 64] >> (cpu % 64) & 1) != 0;

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int Get(int thread, nuint length, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int Set(int thread, nuint length, ulong* mask);
}
