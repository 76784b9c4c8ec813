using System.Globalization;
using System.Runtime.InteropServices;

namespace RingTrace.Benchmarks.Measuring;

/// <summary>Pins threads to CPUs.</summary>
internal static unsafe partial class Affinity
{
    private const int Words = 16;

    /// <summary>The CPUs that this process could run on when it started.</summary>
    public static IReadOnlyList<int> Cpus { get; } = Allowed();

    /// <summary>The calling thread, to the n-th CPU of those; nothing happens if the kernel refuses.</summary>
    public static void PinTo(int n) => Pin(0, n);

    /// <summary>Those threads of another process that are called by this name.</summary>
    public static void PinThread(int process, string name, int n)
    {
        foreach (string task in Directory.EnumerateDirectories($"/proc/{process}/task"))
        {
            if (File.ReadAllText(task + "/comm").TrimEnd() == name)
            {
                Pin(int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture), n);
            }
        }
    }

    private static void Pin(int thread, int n)
    {
        ulong* mask = stackalloc ulong[Words];
        new Span<ulong>(mask, Words).Clear();
        int cpu = Cpus[n % Cpus.Count];
        mask[cpu / 64] = 1ul << (cpu % 64);
        _ = Set(thread, Words * sizeof(ulong), mask);
    }

    private static List<int> Allowed()
    {
        ulong* mask = stackalloc ulong[Words];
        new Span<ulong>(mask, Words).Clear();
        List<int> cpus = [];
        if (Get(0, Words * sizeof(ulong), mask) >= 0)
        {
            for (int cpu = 0; cpu < Words * 64; cpu++)
            {
                if ((mask[cpu / 64] >> (cpu % 64) & 1) != 0)
                {
                    cpus.Add(cpu);
                }
            }
        }

        return cpus.Count > 0 ? cpus : [0];
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int Get(int thread, nuint length, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int Set(int thread, nuint length, ulong* mask);
}
