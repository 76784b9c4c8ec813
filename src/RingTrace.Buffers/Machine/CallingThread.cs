using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RingTrace.Buffers;

/// <summary>What the runtime keeps for the calling thread: touched once per thread, then two loads.</summary>
internal static partial class CallingThread
{
    /// <summary>Written by its own thread alone.</summary>
    internal struct State
    {
        /// <summary>The kernel's id of the thread; 0 until the first use.</summary>
        public int ThreadId;

        /// <summary>Event calls under way on this thread, one inside the other.</summary>
        public int Depth;
    }

    private const int SpanBits = 40;

    // The bits of a State: a thread-static of a primitive type is plain memory, one of a struct type is a box.
    [ThreadStatic]
    private static ulong s_state;

    // The thread's ordinal in this process above a count: the kernel gives its thread ids anew, and soon.
    [ThreadStatic]
    private static ulong s_spans;

    private static long s_threads;

    /// <summary>This thread's state, its thread id filled in.</summary>
    public static ref State Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            ref State state = ref Unsafe.As<ulong, State>(ref s_state);
            if (state.ThreadId == 0)
            {
                Begin(ref state);
            }

            return ref state;
        }
    }

    /// <summary>
    /// An id no other span of this process has, as long as it has begun fewer than 2^24 threads that record.
    /// </summary>
    public static ulong NextSpanId()
    {
        _ = Current;
        return ++s_spans;
    }

    /// <summary>Apart, or every caller would carry the frame of a native call.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Begin(ref State state)
    {
        // Not gettid: the C library has it only since glibc 2.30.
        nint number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 178 : 186;
        state.ThreadId = (int)SystemCall(number);
        s_spans = (ulong)Interlocked.Increment(ref s_threads) << SpanBits;
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number);
}
