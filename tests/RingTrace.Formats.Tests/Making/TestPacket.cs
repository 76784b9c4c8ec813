namespace RingTrace.Formats.Tests;

/// <summary>A packet in the layout of our recorder.</summary>
internal sealed class TestPacket
{
    private const int ContentSizeAt = 32 + 16;
    private readonly ByteBuilder _bytes;
    private readonly ulong _begin;
    private readonly bool _bigEndian;
    private byte[]? _closed;

    public TestPacket(ulong begin, ulong end, ulong sequence = 0, ulong discarded = 0, uint cpu = 0,
        bool bigEndian = false, Guid? uuid = null)
    {
        _begin = begin;
        _bigEndian = bigEndian;
        _bytes = new ByteBuilder(bigEndian);
        _bytes.U32(0xC1FC1FC1).Raw((uuid ?? TestTrace.Uuid).ToByteArray(bigEndian: true)).U32(0).U64(cpu);
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

    /// <summary>
    /// Appends a record with the low 32 bits of a time, as a writer does that knows what stands before.
    /// </summary>
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

    /// <summary>The packet as it is now; more may be appended.</summary>
    public byte[] Copy()
    {
        int content = _bytes.Bits;
        ByteBuilder copy = new(_bigEndian);
        copy.Raw(_bytes.ToArray()).Raw(new byte[(8 - content / 8 % 8) % 8 + Padding]);
        copy.Patch64(ContentSizeAt, (ulong)content);
        copy.Patch64(ContentSizeAt + 8, (ulong)copy.Bits);
        return copy.ToArray();
    }

    public byte[] ToArray() => _closed ??= Copy();
}
