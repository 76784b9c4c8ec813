using System.Runtime.InteropServices;

namespace RingTrace.Benchmarks.Peers;

/// <summary>Signals that the class library does not send.</summary>
internal static partial class Signals
{
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Send(int process, int signal);
}
