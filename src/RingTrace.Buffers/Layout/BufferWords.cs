using System.Runtime.InteropServices;

namespace RingTrace.Buffers;

/// <summary>The words of one ring that only writers write. In the <c>.ring</c> file.</summary>
[StructLayout(LayoutKind.Explicit, Size = Length)]
internal unsafe struct BufferWords
{
    public const int Length = 4 * CacheLine;

    /// <summary>Two lines: the prefetcher fetches them in pairs.</summary>
    public const int CacheLine = 128;

    /// <summary>
    /// W, the reserve position. Written by any classic writer, by compare-and-swap alone; or by restartable writers on the
    /// ring's CPU, by the last store of a section.
    /// </summary>
    [FieldOffset(0)]
    public ulong Reserved;

    /// <summary>Records lost, one word per <see cref="Loss"/>. Written by any writer, by addition.</summary>
    [FieldOffset(CacheLine)]
    public fixed ulong Losses[16];

    /// <summary>1 when the ring's memory is there. Written once, by who makes the buffer.</summary>
    [FieldOffset(2 * CacheLine)]
    public ulong Ready;

    /// <summary>The position the ring began at. Written once, before <see cref="Ready"/>.</summary>
    [FieldOffset((2 * CacheLine) + 8)]
    public ulong Start;

    /// <summary>Sections that were interrupted and tried anew. Written by any restartable writer, by addition.</summary>
    [FieldOffset((2 * CacheLine) + 16)]
    public ulong Restarts;
}

/// <summary>
/// The counters of one location of the ring, over all laps. The committers' line and the deliverer's line are apart,
/// for a reader or a wrapping writer looks at the latter only.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Length)]
internal struct Location
{
    public const int Length = 2 * BufferWords.CacheLine;

    /// <summary>Bytes committed. Written by any writer, by addition.</summary>
    [FieldOffset(0)]
    public ulong Committed;

    /// <summary>The begin time of the open packet. Written by who opens it, before <see cref="BeginNumber"/>.</summary>
    [FieldOffset(8)]
    public ulong BeginTime;

    /// <summary>The number of the sub-buffer that <see cref="BeginTime"/> belongs to. Written by who opens it.</summary>
    [FieldOffset(16)]
    public ulong BeginNumber;

    /// <summary>When the sub-buffer was left. Written, with the next two, by who leaves it, before its last commit.</summary>
    [FieldOffset(24)]
    public ulong EndTime;

    /// <summary>The bytes of the sub-buffer's content, without its padding.</summary>
    [FieldOffset(32)]
    public ulong EndContent;

    /// <summary>Records lost in the ring when the sub-buffer was left.</summary>
    [FieldOffset(40)]
    public ulong EndLosses;

    /// <summary>
    /// Bytes delivered: a multiple of S, or one more while a deliverer is at work. Written by the elected
    /// deliverer: by compare-and-swap to the odd value, then by a store.
    /// </summary>
    [FieldOffset(BufferWords.CacheLine)]
    public ulong Delivered;
}

/// <summary>The words of one ring that readers write too. In the <c>.ctl</c> file, followed by the id words.</summary>
[StructLayout(LayoutKind.Explicit, Size = Length)]
internal struct ControlWords
{
    public const int MaxSlots = 8;
    public const int Length = BufferWords.CacheLine + (MaxSlots * ReaderSlot.Length);

    /// <summary>R, the oldest position to read. Written by readers and, in overwrite mode, by writers; by compare-and-swap.</summary>
    [FieldOffset(0)]
    public ulong Consumed;

    /// <summary>The first of <see cref="MaxSlots"/> slots.</summary>
    [FieldOffset(BufferWords.CacheLine)]
    public ReaderSlot FirstSlot;
}

/// <summary>
/// One reader's seat: the page set it owns and what it does with it, recorded so that a dead reader's page set is
/// found again. See <c>ReaderSlots</c> for the protocol.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Length)]
internal struct ReaderSlot
{
    public const int Length = 64;

    /// <summary>Owner, version and phase. Taken by compare-and-swap, then written by its owner alone.</summary>
    [FieldOffset(0)]
    public ulong Claim;

    /// <summary>Bits 0..15 the spare page set, bits 16..31 the one it is exchanged for. Written by the owner.</summary>
    [FieldOffset(8)]
    public ulong Pages;

    /// <summary>The position that the owner reads. Written by the owner.</summary>
    [FieldOffset(16)]
    public ulong Position;

    /// <summary>
    /// When the owner's process started, in clock ticks after boot; in bits 0..15 the version of the claim that it
    /// belongs to. Written by the owner, after its claim.
    /// </summary>
    [FieldOffset(24)]
    public ulong OwnerStart;
}

/// <summary>Why a record was not kept. The names are contracts: every tool spells them so.</summary>
public enum Loss
{
    /// <summary>Discard mode: no room until the reader consumes.</summary>
    Full = 0,

    /// <summary>A writer of an earlier lap has not committed, so its location cannot be entered.</summary>
    Wrap = 1,

    /// <summary>Larger than half a sub-buffer.</summary>
    TooBig = 2,

    /// <summary>Event calls nested too deeply.</summary>
    Nested = 3,

    /// <summary>Gave up after too many attempts.</summary>
    Restart = 4,

    /// <summary>No ring for this CPU yet.</summary>
    NoBuffer = 5,

    /// <summary>The id word holds what no writer can accept: a consumer has overwritten it.</summary>
    Swapped = 6,
}
