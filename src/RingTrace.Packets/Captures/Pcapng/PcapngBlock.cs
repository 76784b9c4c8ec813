using RingTrace.Packets.Output;

namespace RingTrace.Packets.Captures.Pcapng;

/// <summary>A block in the making: numbers, bytes and options one after another, in one byte order. Used again and again.</summary>
internal sealed class PcapngBlock(ByteOrder order)
{
    private byte[] _bytes = new byte[4096];
    private int _length;

    public ByteOrder Order { get; } = order;

    public void Begin(uint type)
    {
        _length = 0;
        Word(type);
        Word(0);
    }

    public void Half(int value) => Order.Put(Next(sizeof(ushort)), 0, (ushort)value);

    public void Word(uint value) => Order.Put(Next(sizeof(uint)), 0, value);

    public void Long(ulong value) => Order.Put(Next(sizeof(ulong)), 0, value);

    /// <summary>Padded with zeroes.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Span<byte> place = Next(PcapngBlocks.Padded(bytes.Length));
        bytes.CopyTo(place);
        place[bytes.Length..].Clear();
    }

    public void Option(int code, ReadOnlySpan<byte> value)
    {
        Half(code);
        Half(value.Length);
        Bytes(value);
    }

    public void Option(int code, uint value)
    {
        Half(code);
        Half(sizeof(uint));
        Word(value);
    }

    /// <summary>
    /// Takes over another block's options, their numbers turned where it has the other byte order.
    /// </summary>
    /// <returns>Whether all are there: of one that is not known, the numbers can't be told from the rest.</returns>
    public bool Options(uint type, ReadOnlySpan<byte> options, ByteOrder from)
    {
        if (from.IsBigEndian == Order.IsBigEndian)
        {
            Bytes(options);
            return true;
        }

        bool all = true, any = false;
        PcapngOptions walk = new(options, from);
        while (walk.TryNext(out int code, out ReadOnlySpan<byte> value))
        {
            int before = _length;
            any = true;
            Option(code, value);
            if (!PcapngNumbers.TryTurn(type, code, _bytes.AsSpan(_length - PcapngBlocks.Padded(value.Length), value.Length)))
            {
                (_length, all) = (before, false);
            }
        }

        if (any)
        {
            EndOptions();
        }

        return all && !walk.IsCut;
    }

    /// <summary>The end mark, that stands behind options if there are any.</summary>
    public void EndOptions() => Word(PcapngOptions.End);

    public void WriteTo(CaptureOutput output)
    {
        uint length = (uint)(_length + sizeof(uint));
        Word(length);
        Order.Put(_bytes, sizeof(uint), length);
        output.Write(_bytes.AsSpan(0, _length));
    }

    private Span<byte> Next(int bytes)
    {
        if (bytes > _bytes.Length - _length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + bytes));
        }

        _length += bytes;
        return _bytes.AsSpan(_length - bytes, bytes);
    }
}
