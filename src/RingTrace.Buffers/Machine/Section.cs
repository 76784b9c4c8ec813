using System.Runtime.InteropServices;

namespace RingTrace.Buffers;

/// <summary>
/// One publication of the restartable writer: up to three pieces and the store of W that makes them visible, all of it
/// or nothing. As native/layout.h has it.
/// </summary>
/// <remarks>The pieces' memory must not move while it is published.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Section
{
    /// <summary>The word W, what it must be, and what it becomes.</summary>
    public ulong* W;
    public ulong Expected;
    public ulong Value;

    /// <summary>The CPU that the section must run on: the ring's.</summary>
    public long Cpu;

    /// <summary>How the sub-buffer that W leaves or fills ends; may be empty.</summary>
    public Piece End;

    /// <summary>The record's head, and before it a new packet's header.</summary>
    public Piece Head;

    public Piece Payload;
}

/// <summary>Bytes to copy. As native/layout.h has it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Piece
{
    public byte* Target;
    public byte* Source;
    public long Length;

    public static Piece Of<T>(byte* target, T* source) where T : unmanaged =>
        new() { Target = target, Source = (byte*)source, Length = sizeof(T) };
}

/// <summary>What became of a <see cref="Section"/>. As rt_publish in native/sections.S returns it.</summary>
internal enum PublishResult
{
    Published = 0,

    /// <summary>Interrupted inside; nothing was published.</summary>
    Restarted = 1,

    /// <summary>The thread is on another CPU than the ring's.</summary>
    OtherCpu = 2,

    /// <summary>W is not what it was expected to be.</summary>
    Moved = 3,
}
