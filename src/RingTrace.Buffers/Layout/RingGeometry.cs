using System.Numerics;
using System.Runtime.CompilerServices;

namespace RingTrace.Buffers;

/// <summary>
/// The arithmetic of a ring: N sub-buffers of S bytes, both powers of two, B = N * S. A position is a free-running
/// 64-bit count of bytes; all comparisons of positions are signed differences, so it may wrap.
/// </summary>
internal readonly struct RingGeometry
{
    /// <summary>The smallest S that holds a header and records; regions ask for more, explorations do not.</summary>
    public const int MinSubBufferSize = 128;

    public readonly int SubBufferShift;
    public readonly int CountShift;
    public readonly int SpareCount;

    private readonly int _ringShift;
    private readonly int _indexMask;
    private readonly ulong _offsetMask;

    /// <exception cref="ArgumentOutOfRangeException">A size that is no power of two or out of its range.</exception>
    public RingGeometry(int subBufferSize, int count, int spareCount)
    {
        if (subBufferSize < MinSubBufferSize || subBufferSize > 1 << 30 || !BitOperations.IsPow2(subBufferSize))
        {
            throw new ArgumentOutOfRangeException(
                nameof(subBufferSize), subBufferSize, $"A sub-buffer has 2^k bytes, {MinSubBufferSize} to 1 GiB.");
        }

        // With one sub-buffer the writer would always collide with the reader it pushes.
        if (count < 2 || !BitOperations.IsPow2(count) || spareCount < 0
            || count + spareCount > SubBufferId.MaxPageSets)
        {
            throw new ArgumentOutOfRangeException(
                nameof(count), count, $"A ring has 2^k sub-buffers, at least 2, with its spares at most {SubBufferId.MaxPageSets}.");
        }

        if (spareCount > ControlWords.MaxSlots)
        {
            throw new ArgumentOutOfRangeException(
                nameof(spareCount), spareCount, $"A ring has at most {ControlWords.MaxSlots} spares, one for each reader's seat.");
        }

        SubBufferShift = BitOperations.TrailingZeroCount(subBufferSize);
        CountShift = BitOperations.TrailingZeroCount(count);
        SpareCount = spareCount;
        _ringShift = SubBufferShift + CountShift;
        _indexMask = count - 1;
        _offsetMask = (ulong)subBufferSize - 1;
        CounterMask = ulong.MaxValue >> CountShift;
    }

    public ulong SubBufferSize => _offsetMask + 1;

    public int Count => _indexMask + 1;

    public int PageSets => Count + SpareCount;

    public ulong RingSize => 1ul << _ringShift;

    /// <summary>Bytes of the data area: every page set.</summary>
    public long DataLength => (long)PageSets << SubBufferShift;

    /// <summary>All bits of a commit counter that a position knows.</summary>
    public ulong CounterMask { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Index(ulong position) => (int)(position >> SubBufferShift) & _indexMask;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Offset(ulong position) => position & _offsetMask;

    /// <summary>The first position of the sub-buffer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Begin(ulong position) => position & ~_offsetMask;

    /// <summary>The first position of the next sub-buffer, also for a position that is the first of its own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Next(ulong position) => Begin(position) + SubBufferSize;

    /// <summary>The farthest sub-buffer that a writer may be at when this is W: the next, entered before W moves there.</summary>
    public ulong Entered(ulong w) => Offset(w) == 0 ? w : Next(w);

    /// <summary>The lap as the id word's tag holds it. Take it from a position strictly inside the sub-buffer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Lap(ulong position) => (position >> _ringShift) & SubBufferId.LapMask;

    /// <summary>
    /// What a location's counters show when the lap of this position begins: lap * S, in the bits of
    /// <see cref="CounterMask"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong CounterAtBegin(ulong position) => position >> _ringShift << SubBufferShift;
}
