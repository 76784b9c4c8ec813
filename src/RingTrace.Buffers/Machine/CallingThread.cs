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

        /// <summary>Spans begun on this thread.</summary>
        public ulong Spans;
    }

    [ThreadStatic]
    private static State s_state;

    /// <summary>This thread's state, its thread id filled in.</summary>
    public static ref State Current
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            ref State state = ref s_state;
            if (state.ThreadId == 0)
            {
                state.ThreadId = GetThreadId();
            }

            return ref state;
        }
    }

    /// <summary>An id no other span of this process has: the thread's id above a count of its own.</summary>
    public static ulong NextSpanId()
    {
        ref State state = ref Current;
        return ((ulong)(uint)state.ThreadId << 40) | (++state.Spans & 0xFF_FFFF_FFFF);
    }

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int GetThreadId();
}
