using System.Globalization;
using System.Runtime.InteropServices;

namespace RingTrace.Fuzz;

/// <summary>The CPU time of any thread of this process, as the kernel lists it.</summary>
internal static partial class TaskClock
{
    private const int UserTimeField = 11;
    private const int SystemTimeField = 12;
    private const long NanosecondsPerTick = 10_000_000;

    /// <summary>The calling thread's number.</summary>
    public static int Current => GetThreadId();

    /// <summary>0 for a thread that is gone.</summary>
    public static long Nanoseconds(int thread)
    {
        try
        {
            // Behind the name, which may hold anything, the fields begin with the state.
            string[] fields = File.ReadAllText($"/proc/self/task/{thread}/stat").Split(')')[^1].Trim().Split(' ');
            return (long.Parse(fields[UserTimeField], CultureInfo.InvariantCulture)
                + long.Parse(fields[SystemTimeField], CultureInfo.InvariantCulture)) * NanosecondsPerTick;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetThreadId();
}
