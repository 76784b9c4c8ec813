using System.Text;

namespace RingTrace.Formats;

/// <summary>
/// The fields of one part of an event, by ordinal or name. Valid as long as the <see cref="EventView"/> it came from.
/// A field of a variant type is read as the option that the record chose.
/// </summary>
public readonly ref partial struct FieldsView
{
    private readonly RecordCursor _cursor;
    private readonly ScopeState _scope;

    internal FieldsView(RecordCursor cursor, ScopeState scope)
    {
        _cursor = cursor;
        _scope = scope;
    }

    /// <summary>How many fields there are, hidden ones included.</summary>
    public int Count => _scope.Count;

    /// <summary>The name of a field.</summary>
    /// <param name="ordinal">Its place among the fields.</param>
    public string GetName(int ordinal) => _scope.Root!.Children[Checked(ordinal)].Name;

    /// <summary>The type of a field in this record.</summary>
    /// <param name="ordinal">Its place among the fields.</param>
    public FieldClass GetClass(int ordinal) => _scope.Node(Checked(ordinal)).Class;

    /// <summary>The ordinal of the field with this name; -1 when there is none.</summary>
    /// <param name="name">The name without the leading underscore.</param>
    public int IndexOf(string name)
    {
        FieldNode[] nodes = _scope.Root?.Children ?? [];
        for (int i = 0; i < nodes.Length; i++)
        {
            if (nodes[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>A whole number or enumeration. An unsigned one above the range of a long comes out negative.</summary>
    /// <exception cref="InvalidOperationException">The field is no whole number.</exception>
    public long GetInt64(int ordinal) => (long)Number(ordinal);

    /// <summary>A whole number or enumeration. A negative one comes out as its two's complement.</summary>
    /// <exception cref="InvalidOperationException">The field is no whole number.</exception>
    public ulong GetUInt64(int ordinal) => Number(ordinal);

    /// <summary>A number of any kind.</summary>
    /// <exception cref="InvalidOperationException">The field is no number.</exception>
    public double GetDouble(int ordinal)
    {
        FieldNode node = ValueNode(ordinal);
        if (node.Kind == NodeKind.Float)
        {
            return FieldFormatter.ToDouble(node, BitReader.Read(_cursor.Decoder.Bytes, _scope.Bit(ordinal), node));
        }

        ulong value = Number(ordinal);
        return node.IsSigned ? (long)value : value;
    }

    /// <summary>A text as UTF-8, without its NUL. What a trace calls UTF-8 may not be; nothing is checked.</summary>
    /// <exception cref="InvalidOperationException">The field is no text.</exception>
    public ReadOnlySpan<byte> GetText(int ordinal)
    {
        FieldNode node = _scope.Node(Checked(ordinal));
        if (node.Kind != NodeKind.String && !node.IsCharacters)
        {
            throw Wrong(ordinal, "a text");
        }

        ReadOnlySpan<byte> bytes = Bytes(ordinal);
        int end = bytes.IndexOf((byte)0);
        return end < 0 ? bytes : bytes[..end];
    }

    /// <summary>The bytes of a text, or of an array or sequence of bytes.</summary>
    /// <exception cref="InvalidOperationException">The field is neither.</exception>
    public ReadOnlySpan<byte> GetBytes(int ordinal)
    {
        FieldNode node = _scope.Node(Checked(ordinal));
        return node.Kind == NodeKind.String || node.IsBytes ? Bytes(ordinal) : throw Wrong(ordinal, "bytes");
    }

    /// <summary>A text or character (of a nullable too) as it is; anything else as <see cref="WriteTo(TextWriter)"/> shows it.</summary>
    public string GetString(int ordinal)
    {
        FieldNode node = _scope.Node(Checked(ordinal));
        if (node.Kind == NodeKind.String || node.IsCharacters)
        {
            return Encoding.UTF8.GetString(GetText(ordinal));
        }

        if (ValueNode(ordinal).Meaning == Meaning.Char)
        {
            return ((char)Number(ordinal)).ToString();
        }

        StringBuilder builder = new();
        CharSink sink = new(builder);
        FieldFormatter.Field(ref sink, _cursor.Decoder, _scope, ordinal);
        sink.Flush();
        return builder.ToString();
    }

    /// <summary>
    /// Writes the fields as text: <c>{ id = 1, items = 2, city = "Graz" }</c>. Byte arrays are hexadecimal. Of our own
    /// traces values are written by what the program declared: <c>true</c>, <c>null</c>, an enum's name, ISO 8601 times;
    /// what was cut ends with <c>…(total N)</c>.
    /// </summary>
    /// <param name="writer">Where to.</param>
    public void WriteTo(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        CharSink sink = new(writer);
        FieldFormatter.Fields(ref sink, _cursor.Decoder, _scope);
        sink.Flush();
    }

    /// <summary>
    /// Writes the fields as text: <c>{ id = 1, items = 2, city = "Graz" }</c>. Byte arrays are hexadecimal. Of our own
    /// traces values are written by what the program declared: <c>true</c>, <c>null</c>, an enum's name, ISO 8601 times;
    /// what was cut ends with <c>…(total N)</c>.
    /// </summary>
    /// <param name="builder">Where to.</param>
    public void WriteTo(StringBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        CharSink sink = new(builder);
        FieldFormatter.Fields(ref sink, _cursor.Decoder, _scope);
        sink.Flush();
    }

    /// <summary>The fields as text.</summary>
    public override string ToString()
    {
        StringBuilder builder = new();
        WriteTo(builder);
        return builder.ToString();
    }

    private ReadOnlySpan<byte> Bytes(int ordinal) =>
        _cursor.Decoder.Bytes.Slice((int)(_scope.Bit(ordinal) >> 3), (int)_scope.ElementCount(ordinal));

    private ulong Number(int ordinal)
    {
        FieldNode node = ValueNode(ordinal);
        return node.Kind <= NodeKind.Enum
            ? BitReader.Read(_cursor.Decoder.Bytes, _scope.Bit(ordinal), node)
            : throw Wrong(ordinal, "a whole number");
    }

    private int Checked(int ordinal)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)ordinal, (uint)_scope.Count, nameof(ordinal));
        return ordinal;
    }

    private InvalidOperationException Wrong(int ordinal, string wanted) =>
        new($"Field '{GetName(ordinal)}' of event '{_cursor.Event.Name}' is not {wanted} "
            + $"but of kind {_scope.Node(ordinal).Kind}.");
}
