using System.Runtime.InteropServices;

namespace RingTrace.Buffers;

/// <summary>Flags of <c>open</c> and its relatives, as Linux numbers them.</summary>
internal static class OpenFlags
{
    public const int ReadOnly = 0;
    public const int ReadWrite = 2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;

    /// <summary>A handle that names a file, and reads nothing of it: needs no permission on the file.</summary>
    public const int PathOnly = 0x200000;

    /// <summary>The one flag here that differs: ARM and POWER took over older numbers.</summary>
    public static readonly int NoFollow = RuntimeInformation.ProcessArchitecture
        is Architecture.Arm or Architecture.Arm64 or Architecture.Ppc64le ? 0x8000 : 0x20000;
}

/// <summary>What <c>openat2</c> is asked for.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct OpenHow
{
    /// <summary>The call's number on every architecture.</summary>
    public const nint CallNumber = 437;

    /// <summary>The directory is the root of all links, and no number of <c>..</c> leads out of it.</summary>
    public const ulong InRoot = 0x10;

    public ulong Flags;
    public ulong Mode;
    public ulong Resolve;
}

/// <summary>Flags of <c>mmap</c>, <c>madvise</c>, <c>memfd_create</c>, file seals and locks.</summary>
internal static class MemoryFlags
{
    public const int ProtectRead = 1;
    public const int ProtectReadWrite = 3;

    public const int MapShared = 0x01;
    public const int MapPrivate = 0x02;
    public const int MapAnonymous = 0x20;
    public const int MapNoReserve = 0x4000;
    /// <summary>What <c>mmap</c> and <c>mremap</c> return instead of an address.</summary>
    public const nint MapFailed = -1;

    public const int RemapMayMove = 1;
    public const int RemapFixed = 2;

    /// <summary>Pre-fault for writing (Linux 5.14).</summary>
    public const int AdvisePopulateWrite = 23;

    public const uint MemoryFileCloseOnExec = 1;
    public const uint MemoryFileAllowSealing = 2;

    /// <summary>Never executable (Linux 6.3); some machines refuse a memory file without it.</summary>
    public const uint MemoryFileNoExec = 8;

    public const int AddSeals = 1033;
    public const int GetSeals = 1034;
    public const int SealSeal = 1;
    public const int SealShrink = 2;

    public const int LockShared = 1;
    public const int LockExclusive = 2;
    public const int LockNonBlocking = 4;
    public const int Unlock = 8;
}

/// <summary>The error numbers that are told apart; all others are reported by their text.</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int Interrupted = 4;
    public const int Again = 11;
    public const int AccessDenied = 13;
    public const int Exists = 17;
    public const int NotDirectory = 20;
    public const int Invalid = 22;
    public const int ReadOnlyFileSystem = 30;
    public const int NoSystemCall = 38;
    public const int NotSupported = 95;

    /// <summary>Of the last call on this thread that was declared with SetLastError.</summary>
    public static int Last => Marshal.GetLastPInvokeError();

    /// <summary>The system's one-line text, such as "No space left on device".</summary>
    public static string Text(int error) => Marshal.GetPInvokeErrorMessage(error);
}
