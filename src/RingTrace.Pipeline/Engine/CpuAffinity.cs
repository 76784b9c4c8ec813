using System.Runtime.InteropServices;

namespace RingTrace.Pipeline.Engine;

/// <summary>On which CPUs threads run.</summary>
internal static partial class CpuAffinity
{
    /// <summary>A mask for 1024 CPUs, as the C library's own.</summary>
    private const int Words = 16;

    private const int WordBits = 64;

    /// <summary>How many CPUs can be named.</summary>
    public const int MostCpus = Words * WordBits;

    /// <summary>Has the calling thread run on one CPU alone.</summary>
    /// <exception cref="PipelineException">It may not.</exception>
    public static void PinTo(int cpu)
    {
        ulong[] mask = new ulong[Words];
        mask[cpu / WordBits] = 1ul << (cpu % WordBits);
        if (Set(0, sizeof(ulong) * Words, mask) != 0)
        {
            throw new PipelineException(
                $"CPU {cpu}: {Marshal.GetLastPInvokeErrorMessage()}: name CPUs that this process may run on ({Allowed()}).");
        }
    }

    /// <summary>As text: the first and the last of each stretch.</summary>
    private static string Allowed()
    {
        ulong[] mask = new ulong[Words];
        if (Get(0, sizeof(ulong) * Words, mask) < 0)
        {
            return "unknown";
        }

        List<string> stretches = [];
        for (int cpu = 0; cpu < MostCpus; cpu++)
        {
            int first = cpu;
            while (cpu < MostCpus && (mask[cpu / WordBits] >> (cpu % WordBits) & 1) != 0)
            {
                cpu++;
            }

            if (cpu > first)
            {
                stretches.Add(cpu - 1 == first ? $"{first}" : $"{first}-{cpu - 1}");
            }
        }

        return string.Join(',', stretches);
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int Set(int thread, nuint length, ReadOnlySpan<ulong> mask);

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static partial int Get(int thread, nuint length, Span<ulong> mask);
}
