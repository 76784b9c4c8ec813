using System.Text.Json.Serialization;

namespace RingTrace;

/// <summary>How a field's bytes are laid out in a record. Little-endian, packed, no padding.</summary>
public enum FieldType
{
    /// <summary>1 byte, signed.</summary>
    Int8 = 1,

    /// <summary>1 byte, unsigned.</summary>
    UInt8 = 2,

    /// <summary>2 bytes, signed.</summary>
    Int16 = 3,

    /// <summary>2 bytes, unsigned.</summary>
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

    /// <summary>UTF-8 and a final NUL; a NUL inside became U+2400. One that was cut ends with U+2026.</summary>
    Text = 12,

    /// <summary>Bytes: as a field of shape <see cref="FieldShape.Array"/>.</summary>
    Blob = 13,

    /// <summary>16 bytes in the order of RFC 9562 (as the text reads).</summary>
    Guid = 14,

    /// <summary>2 bytes: one unit of UTF-16.</summary>
    Char = 15,

    /// <summary>
    /// 8 bytes, signed: 100 ns since 1970-01-01 00:00 of the value's own reading; 1 byte: its
    /// <see cref="DateTimeKind"/>.
    /// </summary>
    DateTime = 16,

    /// <summary>8 bytes, signed: 100 ns since 1970-01-01 00:00 UTC; 2 bytes, signed: minutes east of UTC.</summary>
    DateTimeOffset = 17,

    /// <summary>8 bytes, signed: in 100 ns.</summary>
    TimeSpan = 18,

    /// <summary>1 byte: how many follow; 0 for null, 4, or 16. The address in network order, without a scope.</summary>
    IPAddress = 19,
}

/// <summary>How many values of its type a field holds.</summary>
public enum FieldShape
{
    /// <summary>One.</summary>
    Single = 0,

    /// <summary>1 byte: 0 or 1; then so many values.</summary>
    Nullable = 1,

    /// <summary>
    /// 4 bytes, unsigned: how many elements the program gave; 4 bytes, unsigned: how many are kept; then those. It was
    /// cut where the first is greater.
    /// </summary>
    Array = 2,
}

/// <summary>One field of an event.</summary>
/// <param name="Name">The name as the program spells it.</param>
/// <param name="Type">The layout of a value in the record.</param>
public sealed record EventField(string Name, FieldType Type)
{
    /// <summary>How many values.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public FieldShape Shape { get; init; }

    /// <summary>What the doc comment says of it, plain text in one line; null without one.</summary>
    public string? Description { get; init; }

    /// <summary>The names of its values; null when it is no enum. Only with an integer type.</summary>
    public EnumType? Enum { get; init; }

    /// <summary>The most bytes of the value that are kept, without lengths and NUL; 0 where the size is fixed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Cap { get; init; }
}

/// <summary>An enum of the program.</summary>
/// <param name="Name">The full name as the program spells it.</param>
/// <param name="IsFlags">Whether a value is a combination of members.</param>
/// <param name="Members">In the order of their declaration. Several may have one value.</param>
public sealed record EnumType(string Name, bool IsFlags, IReadOnlyList<EnumMember> Members)
{
    /// <summary>The most members that are carried: those of a greater enum have only their numbers.</summary>
    public const int MaxMembers = 1024;

    /// <summary>How many members the program has beside these.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Omitted { get; init; }
}

/// <summary>A member of an enum.</summary>
/// <param name="Name">As the program spells it.</param>
/// <param name="Value">From the least <see cref="long"/> to the greatest <see cref="ulong"/>.</param>
public sealed record EnumMember(string Name, Int128 Value);
