namespace RingTrace.Formats;

/// <summary>What a value means beyond its bytes, where a schema says so.</summary>
internal enum Meaning : byte
{
    None,
    Bool,
    Char,
    Guid,
    DateTime,
    DateTimeOffset,
    TimeSpan,
    IPAddress,
    Enum,
}

/// <summary>
/// Puts the meanings that a schema has on the nodes of a payload. Both come from a file and may contradict each other:
/// a field whose bytes are not as its meaning asks has none.
/// </summary>
internal static class Meanings
{
    public static void Attach(FieldNode payload, EventSchema schema)
    {
        Dictionary<string, int> places = [];
        for (int i = 0; i < payload.Children.Length; i++)
        {
            places.TryAdd(payload.Children[i].Name, i);
        }

        foreach (EventField field in schema.Fields)
        {
            if (places.TryGetValue(field.Name, out int index))
            {
                Attach(payload.Children, index, field);
            }
        }
    }

    private static void Attach(FieldNode[] fields, int index, EventField field)
    {
        FieldNode node = fields[index];
        node.Declared = field;
        if ((field.Shape == FieldShape.Array || field.Type == FieldType.Blob) && node.Kind == NodeKind.Sequence
            && index >= 2 && fields[index - 2] is { FlatBytes: > 0, Kind: NodeKind.Integer } total
            && total.RawName == $"__{field.Name}_total")
        {
            node.TotalField = index - 2;
            total.IsHidden = true;
        }

        node.IsNullable = field.Shape == FieldShape.Nullable && node.Kind == NodeKind.Sequence;
        FieldNode value = field.Shape != FieldShape.Single && node.Kind == NodeKind.Sequence ? node.Element! : node;
        value.Meaning = Of(field, value);
        value.Labels = value.Meaning == Meaning.Enum ? new EnumLabels(field.Enum!) : null;
    }

    private static Meaning Of(EventField field, FieldNode node) => (field.Type, node) switch
    {
        (FieldType.IPAddress, { Kind: NodeKind.Sequence, IsBytes: true }) => Meaning.IPAddress,
        (_, { FlatBytes: < 0 }) => Meaning.None,
        ( <= FieldType.UInt64, { Kind: NodeKind.Integer or NodeKind.Enum }) when field.Enum is not null => Meaning.Enum,
        (FieldType.Bool, { Kind: NodeKind.Integer, Size: 8 }) => Meaning.Bool,
        (FieldType.Char, { Kind: NodeKind.Integer, Size: 16, IsSigned: false }) => Meaning.Char,
        (FieldType.TimeSpan, { Kind: NodeKind.Integer, Size: 64, IsSigned: true }) => Meaning.TimeSpan,
        (FieldType.Guid, { Kind: NodeKind.Array, IsBytes: true, Length: 16 }) => Meaning.Guid,
        (FieldType.DateTime, { FlatBytes: 9, Children: [{ Size: 64 }, { Size: 8 }] }) => Meaning.DateTime,
        (FieldType.DateTimeOffset, { FlatBytes: 10, Children: [{ Size: 64 }, { Size: 16 }] }) => Meaning.DateTimeOffset,
        _ => Meaning.None,
    };
}
