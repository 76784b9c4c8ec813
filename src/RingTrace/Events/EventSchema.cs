namespace RingTrace;

/// <summary>What a record of an event means to a viewer.</summary>
public enum EventKind
{
    /// <summary>A point in time.</summary>
    Instant = 0,

    /// <summary>The begin of a span; the first field is the span's id.</summary>
    SpanBegin = 1,

    /// <summary>The end of a span; the only field is the span's id.</summary>
    SpanEnd = 2,
}

/// <summary>How a field's bytes are laid out in a record. Little-endian, packed, no padding.</summary>
public enum FieldType
{
    /// <summary>1 byte, signed.</summary>
    Int8 = 1,

    /// <summary>1 byte, unsigned.</summary>
    UInt8 = 2,

    /// <summary>2 bytes, signed.</summary>
    Int16 = 3,

    /// <summary>2 bytes, unsigned (also <c>char</c>).</summary>
    UInt16 = 4,

    /// <summary>4 bytes, signed.</summary>
    Int32 = 5,

    /// <summary>4 bytes, unsigned.</summary>
    UInt32 = 6,

    /// <summary>8 bytes, signed.</summary>
    Int64 = 7,

    /// <summary>8 bytes, unsigned.</summary>
    UInt64 = 8,

    /// <summary>1 byte: 0 or 1.</summary>
    Bool = 9,

    /// <summary>4 bytes, IEEE 754.</summary>
    Float = 10,

    /// <summary>8 bytes, IEEE 754.</summary>
    Double = 11,

    /// <summary>UTF-8 and a final NUL; a NUL inside became U+2400.</summary>
    Text = 12,

    /// <summary>A 4-byte unsigned length, then that many bytes.</summary>
    Blob = 13,

    /// <summary>16 bytes in the order of RFC 9562 (as the text reads).</summary>
    Guid = 14,
}

/// <summary>One field of an event.</summary>
/// <param name="Name">The name as the program spells it.</param>
/// <param name="Type">Its layout in the record.</param>
public sealed record EventField(string Name, FieldType Type);

/// <summary>
/// What a reader must know to decode an event. Stored in the recorder's region before the event's first record.
/// </summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Name">The event's name, unique within the provider.</param>
/// <param name="Level">How important the event is.</param>
/// <param name="Kind">Instant, or one end of a span.</param>
/// <param name="Fields">The fields in the order of their bytes.</param>
public sealed record EventSchema(
    string Provider, string Name, TraceLevel Level, EventKind Kind, IReadOnlyList<EventField> Fields)
{
    /// <summary>The name as traces show it: <c>Provider:Name</c>.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string FullName { get; } = Provider + ":" + Name;
}
