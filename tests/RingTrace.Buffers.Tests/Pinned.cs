using System.Runtime.InteropServices;

namespace RingTrace.Buffers.Tests;

/// <summary>Threads that stay on one CPU. The restartable writer writes a ring from its own CPU only.</summary>
internal static unsafe partial class Pinned
{
    private const int Words = 16;

    /// <summary>The CPUs that this process may run on.</summary>
    public static IReadOnlyList<int> Cpus { get; } = [.. CpuTopology.Affinity().Where(cpu => cpu < Words * 64)];

    /// <summary>The one that tests with a single CPU take.</summary>
    public static int First => Cpus[0];

    /// <summary>Pins the calling thread for good: not for threads of a pool.</summary>
    public static void To(int cpu) => Allow(0, [cpu]);

    /// <summary>The CPUs of the process's main thread, which count as the process's: a container may change them.</summary>
    public static void AllowProcess(IReadOnlyList<int> cpus) => Allow(Environment.ProcessId, cpus);

    /// <summary>Runs it on a thread of its own that stays on the CPU; what it throws comes through.</summary>
    public static void Run(int cpu, Action action)
    {
        System.Runtime.ExceptionServices.ExceptionDispatchInfo? error = null;
        Thread thread = new(() =>
        {
            try
            {
                To(cpu);
                action();
            }
            catch (Exception e)
            {
                error = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        error?.Throw();
    }

    private static void Allow(int thread, IReadOnlyList<int> cpus)
    {
        ulong* mask = stackalloc ulong[Words];
        new Span<ulong>(mask, Words).Clear();
        foreach (int cpu in cpus)
        {
            mask[cpu / 64] |= 1ul << (cpu % 64);
        }

        if (Set(thread, Words * sizeof(ulong), mask) != 0)
        {
            throw new InvalidOperationException($"CPUs {string.Join(',', cpus)} are refused.");
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int Set(int thread, nuint length, ulong* mask);
}
