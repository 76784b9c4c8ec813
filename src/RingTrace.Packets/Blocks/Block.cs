using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace RingTrace.Packets.Blocks;

/// <summary>
/// A stretch of a capture in memory, and how many still need it. The reader has one reference while it reads there, each batch
/// and each held packet another; with the last one gone the block goes back to its pool. References may be given back by any thread.
/// </summary>
internal sealed class Block
{
    /// <summary>Of most packets: to the ports of TCP or UDP.</summary>
    private const int HeaderBytes = 57;

    private readonly BlockPool? _pool;
    private int _references = 1;

    private Block(byte[] bytes) => Bytes = bytes;

    public Block(BlockPool pool, int length)
    {
        _pool = pool;

        // Pinned: it is handed to the kernel again and again.
        Bytes = GC.AllocateUninitializedArray<byte>(length, pinned: true);
    }

    public byte[] Bytes { get; }

    /// <summary>What its records are read by, where they do not say it themselves.</summary>
    public object? Key { get; set; }

    /// <summary>A block of nobody's pool.</summary>
    public static Block Of(byte[] bytes) => new(bytes);

    /// <summary>Has the CPU fetch the line of a byte, and the next one's if headers that begin there reach into it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Prefetch(int offset)
    {
        if (Sse.IsSupported)
        {
            // An address and no access: whatever lies there, nothing can go wrong.
            void* begin = Unsafe.AsPointer(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Bytes), offset));
            Sse.Prefetch0(begin);
            Sse.Prefetch0((byte*)begin + HeaderBytes);
        }
    }

    public void Retain() => Interlocked.Increment(ref _references);

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            _pool?.Return(this);
        }
    }

    /// <summary>By the pool, before it hands the block out again.</summary>
    public void Renew() => Volatile.Write(ref _references, 1);
}
