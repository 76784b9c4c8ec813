using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace RingTrace.Packets.Layers;

/// <summary>Numbers in network byte order at an offset.</summary>
internal static class NetworkOrder
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int UInt16At(this ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int UInt24At(this ReadOnlySpan<byte> bytes, int offset) => (bytes.UInt16At(offset) << 8) | bytes[offset + 2];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint UInt32At(this ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong UInt64At(this ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64BigEndian(bytes[offset..]);

    /// <summary>What is there from an offset on; nothing when that lies behind the end.</summary>
    public static ReadOnlySpan<byte> From(this ReadOnlySpan<byte> bytes, int offset) => bytes[Math.Min(offset, bytes.Length)..];

    /// <summary>The stretch between two offsets, as far as it is there.</summary>
    public static ReadOnlySpan<byte> Between(this ReadOnlySpan<byte> bytes, int start, int end) =>
        bytes[..Math.Min(end, bytes.Length)].From(start);
}
