using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RingTrace.Exploration;

/// <summary>What a thread waits for until another hands it on: a futex; on one CPU a handoff is one switch.</summary>
internal sealed unsafe partial class Baton : IDisposable
{
    private const int WaitPrivate = 128;
    private const int WakePrivate = 129;

    private static readonly nint s_futex = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 202 : 98;

    private readonly int* _word = (int*)NativeMemory.AlignedAlloc(128, 128);

    public Baton() => *_word = 0;

    /// <summary>Lets the one that waits, or will wait, go on.</summary>
    public void Give()
    {
        Volatile.Write(ref *_word, 1);
        _ = SystemCall(s_futex, (nint)_word, WakePrivate, 1, 0, 0, 0);
    }

    /// <summary>Waits until it is given, and takes it.</summary>
    public void Take()
    {
        while (Interlocked.Exchange(ref *_word, 0) == 0)
        {
            _ = SystemCall(s_futex, (nint)_word, WaitPrivate, 0, 0, 0, 0);
        }
    }

    public void Dispose() => NativeMemory.AlignedFree(_word);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint a, nint b, nint c, nint d, nint e, nint f);
}

/// <summary>Which CPU a thread runs on.</summary>
internal static unsafe partial class Affinity
{
    private const int Bytes = 128;
    private static int s_next = -1;

    /// <summary>CPUs in turn, of those that this process may use; -1 where that cannot be said.</summary>
    public static int Next()
    {
        byte* mask = stackalloc byte[Bytes];
        if (Get(0, Bytes, mask) != 0)
        {
            return -1;
        }

        List<int> cpus = [];
        for (int cpu = 0; cpu < Bytes * 8; cpu++)
        {
            if ((mask[cpu >> 3] & (1 << (cpu & 7))) != 0)
            {
                cpus.Add(cpu);
            }
        }

        return cpus.Count == 0 ? -1 : cpus[Interlocked.Increment(ref s_next) % cpus.Count];
    }

    /// <summary>Keeps the calling thread on one CPU; without effect where that is not allowed.</summary>
    public static void Pin(int cpu)
    {
        if (cpu >= 0)
        {
            byte* mask = stackalloc byte[Bytes];
            Unsafe.InitBlock(mask, 0, Bytes);
            mask[cpu >> 3] = (byte)(1 << (cpu & 7));
            _ = Set(0, Bytes, mask);
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int Set(int thread, nuint length, byte* mask);

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int Get(int thread, nuint length, byte* mask);
}
