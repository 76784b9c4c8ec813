namespace RingTrace.Formats;

/// <summary>
/// Walks records in a packet's bytes. Allocates nothing; everything that the bytes say is checked before it is used.
/// Its work is bounded by a budget that grows with the bytes that it goes over.
/// </summary>
internal sealed partial class RecordDecoder(int registers)
{
    /// <summary>For all of a file; more is granted by its bytes.</summary>
    private const long LeastSteps = 1 << 20;
    private const int StepsPerBit = 4;

    private readonly ulong[] _registers = new ulong[registers];
    private byte[] _buffer = [];
    private string _file = "";
    private long _fileOffset;
    private long _limit;
    private long _steps = LeastSteps;

    /// <summary>Where the next field starts, in bits from the packet's start (before its alignment).</summary>
    public long Position { get; set; }

    /// <summary>Whether the last failure was that the packet's bytes came to an end.</summary>
    public bool RanOut { get; private set; }

    /// <summary>The number last read in the role of an event's id.</summary>
    public ulong EventId { get; set; }

    /// <summary>The clock's value, extended from the one before.</summary>
    public ulong Clock { get; set; }

    public ReadOnlySpan<byte> Bytes => _buffer;

    public long Remaining => _limit - Position;

    /// <summary>Sets the bytes to read: those of a packet, from its start.</summary>
    /// <param name="file">For messages: whose bytes they are.</param>
    /// <param name="fileOffset">For messages: where the packet stands in the file, in bytes.</param>
    /// <param name="buffer">The bytes.</param>
    /// <param name="limit">How many bits of them belong to the packet.</param>
    public void Open(string file, long fileOffset, byte[] buffer, long limit)
    {
        (_file, _fileOffset, _buffer, _limit) = (file, fileOffset, buffer, limit);
        RanOut = false;
    }

    /// <summary>Allows the work that so many bits of the file are worth. What is left of before is not saved up.</summary>
    public void Grant(long bits) => _steps = Math.Min(_steps, LeastSteps) + StepsPerBit * bits;

    /// <summary>Sets the end of what may be read, once the packet has said its size.</summary>
    public void SetLimit(long limit) => _limit = limit;

    public ulong Register(FieldNode node) => _registers[node.Register];

    /// <summary>Passes over one field, keeping what others depend on. It may be inside arrays and structs.</summary>
    public void Field(FieldNode node)
    {
        Spend(node);
        switch (node.Kind)
        {
            case NodeKind.Integer or NodeKind.Enum:
                Number(node);
                break;
            case NodeKind.Float:
                Align(node.Alignment);
                Take(node.Size);
                break;
            case NodeKind.String:
                Align(8);
                Text();
                break;
            case NodeKind.Struct:
                Align(node.Alignment);
                foreach (FieldNode child in node.Children)
                {
                    Field(child);
                }

                break;
            case NodeKind.Variant:
                Field(Choose(node));
                break;
            default:
                Elements(node);
                break;
        }
    }

    /// <summary>A number's value, and past it.</summary>
    public ulong Value(FieldNode node)
    {
        Align(node.Alignment);
        long start = Position;
        Take(node.Size);
        ulong value = BitReader.Read(_buffer, start, node);
        if (node.Register >= 0)
        {
            _registers[node.Register] = value;
        }

        return value;
    }

    private void Number(FieldNode node)
    {
        if (node.Register < 0 && node.Role == NodeRole.None)
        {
            Align(node.Alignment);
            Take(node.Size);
            return;
        }

        ulong value = Value(node);
        if (node.Role == NodeRole.EventId)
        {
            EventId = value;
        }
        else if (node.Role == NodeRole.Clock)
        {
            Advance(value, node.Size);
        }
    }

    /// <summary>The same again for a record that has been read: it was checked then.</summary>
    public long ElementCountAgain(FieldNode node) =>
        node.Kind == NodeKind.Array ? node.Length : (long)Register(node.Source!);

    /// <summary>Passes over a text and its NUL.</summary>
    /// <returns>Its length in bytes, without the NUL.</returns>
    public long Text()
    {
        int start = (int)(Position >> 3);
        int length = _buffer.AsSpan(start, (int)(_limit >> 3) - start).IndexOf((byte)0);
        if (length < 0)
        {
            throw End(Remaining);
        }

        Position += ((long)length + 1) << 3;
        return length;
    }

    /// <summary>
    /// The elements of an array, or of a sequence whose length has been read. Checked against the packet's end.
    /// </summary>
    public long ElementCount(FieldNode node)
    {
        ulong count = node.Kind == NodeKind.Array ? (ulong)node.Length : Register(node.Source!);
        CheckCount(count, node.Element!.Kind <= NodeKind.Float ? node.Element.Size : 0);
        return (long)count;
    }

    /// <summary>The option of a variant whose tag has been read.</summary>
    public FieldNode Choose(FieldNode variant)
    {
        ulong tag = Register(variant.Source!);
        bool signed = variant.Source!.IsSigned;
        foreach (VariantChoice choice in variant.Choices)
        {
            if (signed ? (long)tag >= (long)choice.Low && (long)tag <= (long)choice.High
                : tag >= choice.Low && tag <= choice.High)
            {
                return choice.Option;
            }
        }

        throw Wrong($"a value of '{variant.Source.Name}' that chooses an option of '{variant.Name}'", $"{tag}");
    }

    public void Align(int alignment)
    {
        long aligned = Position + alignment - 1 & -(long)alignment;
        if (aligned > _limit)
        {
            throw End(aligned - Position);
        }

        Position = aligned;
    }

    public TraceFormatException Wrong(string expected, string found) =>
        new(_file, _fileOffset + (Position >> 3), expected, found);

    private void Elements(FieldNode node)
    {
        long count = ElementCount(node);
        Align(node.Alignment);
        FieldNode element = node.Element!;
        if (node.IsPlainArray)
        {
            Take(count * element.Size);
            return;
        }

        for (long i = 0; i < count; i++)
        {
            Field(element);
        }
    }

    private void Take(long bits)
    {
        if (bits > _limit - Position)
        {
            throw End(bits);
        }

        Position += bits;
    }

    private void CheckCount(ulong count, int elementBits)
    {
        // Elements of no fixed size are counted against the budget one by one.
        if (count > (ulong)(elementBits == 0 ? _steps : Remaining / elementBits))
        {
            RanOut = true;
            throw Wrong($"no more elements than the packet has room for ({Remaining} bits)", $"{count} elements");
        }
    }

    /// <summary>The rest of a value in bits, taken as the next time after the last with these low bits.</summary>
    private void Advance(ulong value, int size)
    {
        ulong mask = ulong.MaxValue >> (64 - size);
        ulong next = (Clock & ~mask) | value;
        Clock = size < 64 && value < (Clock & mask) ? next + mask + 1 : next;
    }

    private void Spend(FieldNode node)
    {
        _steps -= 1 + node.Choices.Length;
        if (_steps < 0)
        {
            throw Wrong("records in proportion to the packet's size", "fields without end");
        }
    }

    private TraceFormatException End(long bits)
    {
        RanOut = true;
        return Wrong($"{bits} more bits in the packet", $"{Remaining}");
    }
}
