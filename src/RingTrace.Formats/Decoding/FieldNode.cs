namespace RingTrace.Formats;

internal enum NodeKind : byte
{
    Integer,
    Enum,
    Float,
    String,
    Struct,
    Variant,
    Array,
    Sequence,
}

/// <summary>What a number means to the decoder itself.</summary>
internal enum NodeRole : byte
{
    None,
    EventId,
    Clock,
}

/// <summary>A range of a tag's values and the option of the variant that it chooses.</summary>
internal readonly record struct VariantChoice(ulong Low, ulong High, FieldNode Option);

/// <summary>
/// One field at one place of one scope: its class with everything resolved that decoding needs. A class that
/// is used twice has two nodes, for each place has its own registers.
/// </summary>
internal sealed class FieldNode(NodeKind kind, string rawName, FieldClass type)
{
    private static readonly FieldNode[] Nothing = [];

    /// <summary>A longer array is no header of a record; it takes the general way.</summary>
    private const long MostFlatBytes = 1 << 20;

    /// <summary>Among more children than this a name is not searched for one by one.</summary>
    private const int MostSearched = 16;

    private Dictionary<string, int>? _byName;
    private int _known;

    public NodeKind Kind { get; } = kind;

    public FieldClass Class { get; } = type;

    /// <summary>The name as declared.</summary>
    public string RawName { get; } = rawName;

    /// <summary>The name as people see it: without the one underscore that keeps it apart from keywords.</summary>
    public string Name { get; } = rawName.Length > 1 && rawName[0] == '_' ? rawName[1..] : rawName;

    public int Alignment { get; } = type.Alignment;

    /// <summary>In bits; for numbers only.</summary>
    public int Size { get; init; }

    public bool IsSigned { get; init; }

    public bool IsBigEndian { get; init; }

    public NodeRole Role { get; set; }

    /// <summary>Where the value is kept for the fields that depend on it; -1 when none does.</summary>
    public int Register { get; set; } = -1;

    /// <summary>A struct's fields, a variant's options.</summary>
    public FieldNode[] Children { get; private set; } = Nothing;

    /// <summary>How many lengths and tags are taken from it.</summary>
    public int Uses { get; set; }

    /// <summary>Whether it belongs to one kind of event, so that others may use its register.</summary>
    public bool IsOfEvent { get; init; }

    /// <summary>An array's or sequence's element.</summary>
    public FieldNode? Element { get; set; }

    /// <summary>An array's length.</summary>
    public long Length { get; init; }

    /// <summary>The field that holds a sequence's length or a variant's tag.</summary>
    public FieldNode? Source { get; set; }

    public VariantChoice[] Choices { get; set; } = [];

    /// <summary>Whether it only serves a sequence that is shown itself.</summary>
    public bool IsHidden { get; set; }

    /// <summary>What the program declared there; null when the trace does not say.</summary>
    public EventField? Declared { get; set; }

    /// <summary>What the value means, of a nullable or an array that of its elements.</summary>
    public Meaning Meaning { get; set; }

    /// <summary>Of <see cref="Meaning.Enum"/>.</summary>
    public EnumLabels? Labels { get; set; }

    /// <summary>Of a sequence: whether it stands for one value that may be missing.</summary>
    public bool IsNullable { get; set; }

    /// <summary>Of a sequence that may have been cut: which field holds how long it was; -1 for none.</summary>
    public int TotalField { get; set; } = -1;

    /// <summary>
    /// Whether elements follow each other without padding and nothing depends on them: no need to visit each.
    /// </summary>
    public bool IsPlainArray => Element is { Kind: <= NodeKind.Float, Register: < 0, Role: NodeRole.None } element
        && element.Size % element.Alignment == 0;

    /// <summary>Whether it is an array of bytes that start at a byte.</summary>
    public bool IsBytes => Element is { Kind: NodeKind.Integer, Size: 8, Alignment: 8, Register: < 0 };

    /// <summary>Whether it is an array of characters.</summary>
    public bool IsCharacters => IsBytes && ((IntegerClass)Element!.Class).IsCharacter;

    /// <summary>Whether it takes no bits, whatever the record.</summary>
    public bool IsEmpty => Kind switch
    {
        NodeKind.Struct => Array.TrueForAll(Children, child => child.IsEmpty),
        NodeKind.Array => Length == 0 || Element!.IsEmpty,
        _ => false,
    };

    /// <summary>Whether it is a number of whole bytes, little-endian, of a size that a machine has.</summary>
    public bool IsFlatNumber => Kind <= NodeKind.Float && Alignment == 8 && Size is 8 or 16 or 32 or 64
        && !IsBigEndian;

    /// <summary>
    /// The bytes of a value that always takes as many: a number, or a struct or array of such, all packed and little-endian,
    /// with nothing in it that others depend on. -1 for all else.
    /// </summary>
    public long FlatBytes => Kind switch
    {
        <= NodeKind.Float => IsFlatNumber && Register < 0 && Role == NodeRole.None ? Size / 8 : -1,
        NodeKind.Array => Element!.FlatBytes is >= 0 and var element && Length <= MostFlatBytes / Math.Max(1, element) ? element * Length : -1,
        NodeKind.Struct => FlatBytesOfChildren(),
        _ => -1,
    };

    /// <summary>-1 when there is none.</summary>
    public int IndexOfChild(string rawName)
    {
        if (_byName is not null)
        {
            return _byName.GetValueOrDefault(rawName, -1);
        }

        for (int i = 0; i < _known; i++)
        {
            if (Children[i].RawName == rawName)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>While the node is being made: these many of the children are there, one more than before.</summary>
    public void SetChildren(FieldNode[] children, int count)
    {
        Children = children;
        _known = count;
        if (children.Length > MostSearched)
        {
            _byName ??= new Dictionary<string, int>(children.Length);
            _byName.TryAdd(children[count - 1].RawName, count - 1);
        }
    }

    public FieldNode? FindChild(string rawName) => IndexOfChild(rawName) is >= 0 and int index ? Children[index] : null;

    private long FlatBytesOfChildren()
    {
        long bytes = 0;
        foreach (FieldNode child in Alignment > 8 ? [] : Children)
        {
            bytes = child.FlatBytes is >= 0 and var more && bytes + more <= MostFlatBytes ? bytes + more : -1;
            if (bytes < 0)
            {
                break;
            }
        }

        return Alignment > 8 ? -1 : bytes;
    }
}
