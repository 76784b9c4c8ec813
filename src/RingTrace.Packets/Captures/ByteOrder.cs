using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RingTrace.Packets.Captures;

/// <summary>Numbers in the byte order of the machine that wrote a file.</summary>
internal readonly struct ByteOrder(bool bigEndian)
{
    private readonly bool _swapped = bigEndian == BitConverter.IsLittleEndian;

    public bool IsBigEndian => _swapped == BitConverter.IsLittleEndian;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ushort Half(ReadOnlySpan<byte> bytes, int offset)
    {
        ushort value = MemoryMarshal.Read<ushort>(bytes[offset..]);
        return _swapped ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Word(ReadOnlySpan<byte> bytes, int offset)
    {
        uint value = MemoryMarshal.Read<uint>(bytes[offset..]);
        return _swapped ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    public ulong Long(ReadOnlySpan<byte> bytes, int offset)
    {
        ulong value = MemoryMarshal.Read<ulong>(bytes[offset..]);
        return _swapped ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    public void Put(Span<byte> bytes, int offset, ushort value) =>
        MemoryMarshal.Write(bytes[offset..], _swapped ? BinaryPrimitives.ReverseEndianness(value) : value);

    public void Put(Span<byte> bytes, int offset, uint value) =>
        MemoryMarshal.Write(bytes[offset..], _swapped ? BinaryPrimitives.ReverseEndianness(value) : value);

    public void Put(Span<byte> bytes, int offset, ulong value) =>
        MemoryMarshal.Write(bytes[offset..], _swapped ? BinaryPrimitives.ReverseEndianness(value) : value);
}
