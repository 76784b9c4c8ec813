using System.Runtime.InteropServices;

namespace RingTrace.Benchmarks.Measuring;

/// <summary>The CPU time, user's and system's, of the processes that were started and have ended.</summary>
internal static partial class ChildrenClock
{
    private const int Children = -1;

    public static double Seconds
    {
        get
        {
            _ = GetUsage(Children, out Usage usage);
            return usage.UserSeconds + usage.SystemSeconds + ((usage.UserMicroseconds + usage.SystemMicroseconds) / 1e6);
        }
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, out Usage usage);

    /// <summary>Two times, and 14 counters that nobody asks for.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct Usage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
    }
}
