namespace RingTrace.Formats;

/// <summary>Where the fields of one decoded scope stand in the packet. Reused from record to record.</summary>
internal sealed class ScopeState
{
    private long[] _bits = [];
    private long[] _counts = [];
    private FieldNode?[] _nodes = [];
    private FlatLayout? _flat;
    private long _start;

    /// <summary>The struct whose fields these are; null when the scope is not there.</summary>
    public FieldNode? Root { get; private set; }

    public int Count => Root?.Children.Length ?? 0;

    /// <summary>Begins a scope whose fields are set one by one.</summary>
    public void Begin(FieldNode? root) => Set(root, null);

    /// <summary>A scope of fixed layout: its start says it all.</summary>
    public void BeginFixed(FieldNode root, FlatLayout layout, long startBit)
    {
        Set(root, layout);
        _start = startBit;
    }

    /// <param name="index">The field.</param>
    /// <param name="node">Its node; of a variant, the option that was chosen.</param>
    /// <param name="bit">Where it starts.</param>
    /// <param name="count">The elements of an array; the bytes of a text without its NUL.</param>
    public void Set(int index, FieldNode node, long bit, long count)
    {
        if (_nodes[index] != node)
        {
            _nodes[index] = node;
        }

        _bits[index] = bit;
        _counts[index] = count;
    }

    public FieldNode Node(int index) => _flat is null ? _nodes[index]! : Root!.Children[index];

    public long Bit(int index) => _flat is null ? _bits[index] : _start + ((long)_flat.Offsets![index] << 3);

    public long ElementCount(int index) => _flat is null ? _counts[index] : Root!.Children[index].Length;

    /// <summary>How many elements a sequence had before it was cut; 0 when nothing says so.</summary>
    public ulong Total(ReadOnlySpan<byte> bytes, int index) => Node(index).TotalField is >= 0 and int total
        ? BitReader.Read(bytes, Bit(total), Node(total)) : 0;

    /// <summary>Most are as they were, and to look is cheaper than to tell the garbage collector.</summary>
    private void Set(FieldNode? root, FlatLayout? layout)
    {
        if (Root != root)
        {
            Root = root;
            if (layout is null && root?.Children.Length > _bits.Length)
            {
                (_bits, _counts, _nodes) = (new long[Count], new long[Count], new FieldNode?[Count]);
            }
        }

        if (_flat != layout)
        {
            _flat = layout;
        }
    }
}
