namespace RingTrace.Formats.Tests;

/// <summary>A packet in the layout of our recorder.</summary>
internal sealed class TestPacket
{
    private const int ContentSizeAt = 32 + 16;
    private readonly ByteBuilder _bytes;
    private readonly ulong _begin;
    private bool _closed;

    public TestPacket(ulong begin, ulong end, ulong sequence = 0, ulong discarded = 0, uint cpu = 0, bool bigEndian = false)
    {
        _begin = begin;
        _bytes = new ByteBuilder(bigEndian);
        _bytes.U32(0xC1FC1FC1).Raw(TestTrace.Uuid.ToByteArray(bigEndian: true)).U32(0).U64(cpu);
        _bytes.U64(begin).U64(end).U64(0).U64(0).U64(sequence).U64(discarded).U32(cpu);
    }

    public int Padding { get; init; }

    /// <summary>Appends a record; the time is compact where it fits.</summary>
    public TestPacket Event(uint id, ulong time, int thread, Action<ByteBuilder>? payload = null, bool extended = false)
    {
        if (extended || id >= 65535 || time - _begin > uint.MaxValue)
        {
            _bytes.U16(65535).U32(id).U64(time);
        }
        else
        {
            _bytes.U16((ushort)id).U32((uint)time);
        }

        _bytes.U32((uint)thread);
        payload?.Invoke(_bytes);
        return this;
    }

    /// <summary>Appends a record with the low 32 bits of a time, as a writer does that knows what stands before.</summary>
    public TestPacket Compact(ushort id, uint time, int thread)
    {
        _bytes.U16(id).U32(time).U32((uint)thread);
        return this;
    }

    /// <summary>Appends records of another layout.</summary>
    public TestPacket Raw(Action<ByteBuilder> records)
    {
        records(_bytes);
        return this;
    }

    public byte[] ToArray()
    {
        if (!_closed)
        {
            _closed = true;
            int content = _bytes.Bits;
            _bytes.Raw(new byte[(8 - content / 8 % 8) % 8 + Padding]);
            _bytes.Patch64(ContentSizeAt, (ulong)content);
            _bytes.Patch64(ContentSizeAt + 8, (ulong)_bytes.Bits);
        }

        return _bytes.ToArray();
    }
}
