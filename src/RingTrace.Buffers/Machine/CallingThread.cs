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

    // The bits of a State: a thread-static of a primitive type is plain memory, one of a struct type is a box.
    [ThreadStatic]
    private static ulong s_state;

    [ThreadStatic]
    private static ulong s_spans;

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

    /// <summary>An id no other span of this process has: the thread's id above a count of its own.</summary>
    public static ulong NextSpanId() =>
        ((ulong)(uint)Current.ThreadId << 40) | (++s_spans & 0xFF_FFFF_FFFF);

    /// <summary>Apart, or every caller would carry the frame of a native call.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Begin(ref State state) => state.ThreadId = GetThreadId();

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetThreadId();
}
