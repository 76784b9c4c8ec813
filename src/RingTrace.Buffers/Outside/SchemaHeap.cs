using System.Buffers.Binary;

namespace RingTrace.Buffers;

/// <summary>
/// The schemas of a region as they come: each is read once. What the heap says is checked, and no entry is larger than what
/// is left of it.
/// </summary>
internal sealed class SchemaHeap(OutsideFile file, long begin, long length)
{
    private const int HeadLength = 8;

    /// <summary>A heap that claims more is not read further.</summary>
    private const long MaxLength = 64 << 20;

    private readonly long _length = Math.Min(length, MaxLength);
    private long _read;

    /// <summary>Why the rest can't be read; null when there is nothing wrong.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads what has come since the last call.</summary>
    /// <param name="used">Bytes of the heap that are in use, as the header says.</param>
    /// <param name="take">Told each event's id and schema.</param>
    public void ReadNew(ulong used, Action<ushort, ReadOnlySpan<byte>> take)
    {
        long end = (long)Math.Min(used, (ulong)_length);
        if (end <= _read || Problem is not null)
        {
            return;
        }

        byte[] bytes = new byte[end - _read];
        file.Read(begin + _read, bytes);
        int at = 0;
        while (at + HeadLength <= bytes.Length)
        {
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
            uint id = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 4));
            if (size == 0 || size > bytes.Length - at - HeadLength || id > RecordHead.MaxId)
            {
                Problem = $"schema heap, offset {begin + _read + at}: {size} bytes for event {id} can't be; "
                    + "later events are not known";
                return;
            }

            take((ushort)id, bytes.AsSpan(at + HeadLength, (int)size));
            at += (int)((size + HeadLength + 7) & ~7u);
        }

        _read += at;
    }
}
