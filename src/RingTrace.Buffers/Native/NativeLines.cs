using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RingTrace.Buffers;

/// <summary>What became of a whole event. As rt_write in native/sections.S returns it.</summary>
internal enum NativeResult
{
    Written = 0,

    /// <summary>It must be done step by step.</summary>
    NotSimple = 1,

    /// <summary>Nothing is published.</summary>
    Interrupted = 2,
}

/// <summary>
/// The functions of libringtrace.so (native/ringtrace.c). Loaded once and never unloaded: a thread's restartable-sequence
/// area may point into it for ever. Where it is missing, <see cref="WhyNoTsc"/> says so and nothing here may be called.
/// </summary>
/// <remarks>
/// Calls that take a bounded, short time leave out the runtime's transition; a garbage collection waits for them.
/// </remarks>
internal static unsafe class NativeLines
{
    /// <summary>Longer payloads go by an ordinary call, which a garbage collection does not wait for.</summary>
    public const int ShortLength = 256;

    private static readonly nint s_library = Load();
    private static readonly int s_probe = s_library == 0 ? -1 : ((delegate* unmanaged<int>)Export("rt_probe"))();

    private static readonly delegate* unmanaged[SuppressGCTransition]<ulong> s_tsc =
        (delegate* unmanaged[SuppressGCTransition]<ulong>)Export("rt_tsc");

    private static readonly delegate* unmanaged[SuppressGCTransition]<ulong> s_tscOrdered =
        (delegate* unmanaged[SuppressGCTransition]<ulong>)Export("rt_tsc_ordered");

    private static readonly delegate* unmanaged[SuppressGCTransition]<int> s_cpu =
        (delegate* unmanaged[SuppressGCTransition]<int>)Export("rt_cpu");

    private static readonly delegate* unmanaged[SuppressGCTransition]<NativeRing*, uint, void*, nuint, uint, int> s_write =
        (delegate* unmanaged[SuppressGCTransition]<NativeRing*, uint, void*, nuint, uint, int>)Export("rt_write");

    private static readonly delegate* unmanaged[SuppressGCTransition]<uint, void> s_setThread =
        (delegate* unmanaged[SuppressGCTransition]<uint, void>)Export("rt_set_thread");

    private static readonly delegate* unmanaged<NativeRing*, uint, void*, nuint, uint, int> s_writeLong =
        (delegate* unmanaged<NativeRing*, uint, void*, nuint, uint, int>)Export("rt_write");

    private static readonly delegate* unmanaged[SuppressGCTransition]<Section*, PublishResult> s_publishShort =
        (delegate* unmanaged[SuppressGCTransition]<Section*, PublishResult>)Export("rt_publish");

    private static readonly delegate* unmanaged<Section*, PublishResult> s_publish =
        (delegate* unmanaged<Section*, PublishResult>)Export("rt_publish");

    /// <summary>Why the time-stamp counter cannot be read; null when it can.</summary>
    public static string? WhyNoTsc =>
        s_library != 0 ? null
        : RuntimeInformation.ProcessArchitecture != Architecture.X64 || !OperatingSystem.IsLinux()
            ? "it needs linux-x64"
            : "libringtrace.so is not there: it was built without a C compiler, or not deployed";

    /// <summary>Why there are no restartable sequences; null when there are.</summary>
    public static string? WhyNoSequences => s_probe switch
    {
        0 => null,
        1 => "the C library registers no restartable sequences (glibc does from 2.35 on, musl does not)",
        2 => "the kernel refuses restartable sequences, or glibc.pthread.rseq=0 switched them off",
        _ => WhyNoTsc,
    };

    /// <summary>The time-stamp counter, not ordered with anything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ReadTsc() => s_tsc();

    /// <summary>The time-stamp counter, read after every load before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ReadTscOrdered() => s_tscOrdered();

    /// <summary>The CPU that the thread is on; negative for a thread without restartable sequences.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CurrentCpu() => s_cpu();

    /// <summary>A whole event of the calling thread, if it is simple; for payloads of <see cref="ShortLength"/> at most.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static NativeResult Write(NativeRing* rings, int cpus, void* payload, int length, ushort id) =>
        (NativeResult)s_write(rings, (uint)cpus, payload, (nuint)length, id);

    /// <summary>The same for a longer payload, which must not move.</summary>
    public static NativeResult WriteLong(NativeRing* rings, int cpus, void* payload, int length, ushort id) =>
        (NativeResult)s_writeLong(rings, (uint)cpus, payload, (nuint)length, id);

    /// <summary>Tells <see cref="Write"/> the calling thread's number; without it, nothing is simple.</summary>
    public static void SetThread(int number) => s_setThread((uint)number);

    /// <summary>Publishes a section whose pieces do not move.</summary>
    public static PublishResult Publish(Section* section) =>
        section->Payload.Length <= ShortLength ? s_publishShort(section) : s_publish(section);

    /// <summary>Zeroed memory that a forked child finds zeroed again; null when there is none.</summary>
    public static NativeRing* AllocateTable(int cpus) =>
        ((delegate* unmanaged<nuint, NativeRing*>)Export("rt_table"))((nuint)(cpus * sizeof(NativeRing)));

    private static nint Load()
    {
        bool isPossible = OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;
        return isPossible && NativeLibrary.TryLoad("ringtrace", typeof(NativeLines).Assembly, null, out nint library)
            ? library : 0;
    }

    private static nint Export(string name) => s_library == 0 ? 0 : NativeLibrary.GetExport(s_library, name);
}
