using System.Buffers.Binary;
using System.Text;

namespace RingTrace.Formats.Tests;

/// <summary>Appends numbers and texts, at any bit and in either byte order; small and slow on purpose.</summary>
internal sealed class ByteBuilder(bool bigEndian = false)
{
    private readonly List<byte> _bytes = [];
    private int _bits;

    public int Bits => _bits;

    public byte[] ToArray() => [.. _bytes];

    public ByteBuilder Align(int alignment)
    {
        while (_bits % alignment != 0)
        {
            Bit(0);
        }

        return this;
    }

    public ByteBuilder Number(ulong value, int size, int alignment = 8, bool? big = null)
    {
        Align(alignment);
        for (int i = 0; i < size; i++)
        {
            // Little-endian: least significant bit first. Big-endian: most significant first.
            Bit((int)(value >> ((big ?? bigEndian) ? size - 1 - i : i) & 1), big);
        }

        return this;
    }

    public ByteBuilder U8(byte value) => Number(value, 8);

    public ByteBuilder U16(ushort value) => Number(value, 16);

    public ByteBuilder U32(uint value) => Number(value, 32);

    public ByteBuilder U64(ulong value) => Number(value, 64);

    public ByteBuilder Text(string text) => Raw(Encoding.UTF8.GetBytes(text)).U8(0);

    public ByteBuilder Raw(ReadOnlySpan<byte> bytes)
    {
        Align(8);
        _bytes.AddRange(bytes);
        _bits += bytes.Length * 8;
        return this;
    }

    public void Patch64(int byteOffset, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        if (bigEndian)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        }

        for (int i = 0; i < 8; i++)
        {
            _bytes[byteOffset + i] = bytes[i];
        }
    }

    private void Bit(int bit, bool? big = null)
    {
        if (_bits % 8 == 0)
        {
            _bytes.Add(0);
        }

        int place = (big ?? bigEndian) ? 7 - _bits % 8 : _bits % 8;
        _bytes[^1] |= (byte)(bit << place);
        _bits++;
    }
}
