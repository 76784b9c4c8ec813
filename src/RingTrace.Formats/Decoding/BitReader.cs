using System.Buffers.Binary;

namespace RingTrace.Formats;

/// <summary>
/// Reads numbers at any bit of a buffer. Bits fill a byte from the least significant on when little-endian, from the
/// most significant on when big-endian. The caller has checked that they are there.
/// </summary>
internal static class BitReader
{
    /// <summary>The number as 64 bits: sign-extended when signed.</summary>
    public static ulong Read(ReadOnlySpan<byte> bytes, long bit, FieldNode node)
    {
        ulong value = (bit & 7) == 0 && !node.IsBigEndian
            ? ReadAligned(bytes, (int)(bit >> 3), node.Size)
            : ReadBits(bytes, bit, node.Size, node.IsBigEndian);
        int unused = 64 - node.Size;
        return node.IsSigned ? (ulong)((long)(value << unused) >> unused) : value;
    }

    private static ulong ReadAligned(ReadOnlySpan<byte> bytes, int offset, int size) => size switch
    {
        8 => bytes[offset],
        16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]),
        32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]),
        64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]),
        _ => ReadBits(bytes, (long)offset << 3, size, bigEndian: false),
    };

    private static ulong ReadBits(ReadOnlySpan<byte> bytes, long bit, int size, bool bigEndian)
    {
        int first = (int)(bit >> 3);
        int skip = (int)(bit & 7);
        int count = (skip + size + 7) >> 3;
        UInt128 window = 0;
        for (int i = 0; i < count; i++)
        {
            window |= (UInt128)bytes[first + i] << 8 * (bigEndian ? count - 1 - i : i);
        }

        window >>= bigEndian ? count * 8 - skip - size : skip;
        return (ulong)window & ulong.MaxValue >> (64 - size);
    }
}
