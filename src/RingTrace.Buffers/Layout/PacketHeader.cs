using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RingTrace.Buffers;

/// <summary>
/// The first bytes of every sub-buffer: a CTF 1.8 packet header and packet context, packed, little-endian. All that
/// belongs to one packet lives here, in the page, so that it travels with the page to the reader.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct PacketHeader
{
    public const uint MagicValue = 0xC1FC1FC1;

    /// <summary>Content size of a packet whose end has not been written.</summary>
    public const ulong Unfinished = ulong.MaxValue;

    public uint Magic;
    public UInt128 TraceId;
    public uint StreamId;

    /// <summary>Channel number * 65536 + CPU.</summary>
    public ulong StreamInstance;
    public ulong TimestampBegin;
    public PacketEnd End;

    /// <summary>How many sub-buffers of this ring came before.</summary>
    public ulong Sequence;

    /// <summary>Records lost in this ring up to the packet's end, by all causes.</summary>
    public ulong EventsDiscarded;
    public uint Cpu;

    public static int Size => Unsafe.SizeOf<PacketHeader>();

    public static int BeginOffset => 32;

    public static int EndOffset => 40;

    public static int EventsDiscardedOffset => 72;
}

/// <summary>What is known of a packet when it is closed. Sizes in bits, as CTF counts.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct PacketEnd
{
    public ulong Timestamp;
    public ulong ContentBits;
    public ulong PacketBits;

    /// <summary>The end of a packet with this much content; its size is rounded up to 8 bytes.</summary>
    public static PacketEnd At(ulong timestamp, ulong contentBytes) => new()
    {
        Timestamp = timestamp,
        ContentBits = contentBytes * 8,
        PacketBits = ((contentBytes + 7) & ~7ul) * 8,
    };
}
