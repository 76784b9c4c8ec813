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

    /// <summary>A whole span, recorded at its end; the first field is its duration in nanoseconds.</summary>
    Complete = 3,
}

/// <summary>
/// What a reader must know to decode an event. Stored in the recorder's region before the event's first record, and
/// in every trace as one JSON object: see <see cref="TryParse"/>.
/// </summary>
/// <param name="Provider">The provider's name.</param>
/// <param name="Name">The event's name, unique within the provider.</param>
/// <param name="Level">How important the event is.</param>
/// <param name="Kind">Instant, one end of a span, or a whole one.</param>
/// <param name="Fields">The fields in the order of their bytes.</param>
public sealed record EventSchema(
    string Provider, string Name, TraceLevel Level, EventKind Kind, IReadOnlyList<EventField> Fields)
{
    /// <summary>What the event belongs to, across providers; null for nothing.</summary>
    public string? Category { get; init; }

    /// <summary>The first words of the event's doc comment, plain text in one line; null without one.</summary>
    public string? Description { get; init; }

    /// <summary>Which of its records the program keeps unless told otherwise; null for all.</summary>
    public EventLimits? Limits { get; init; }

    /// <summary>The name as traces show it: <c>Provider:Name</c>.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string FullName => Provider + ":" + Name;

    /// <summary>Reads a schema as a region or a trace holds it.</summary>
    /// <param name="utf8">One JSON object. Whatever stands there: time and memory are bounded by its length.</param>
    /// <param name="schema">The schema; null when there is none to be had.</param>
    /// <returns>False when it is no schema that a record can follow. Never throws.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out EventSchema? schema)
    {
        schema = SchemaText.Read(utf8);
        return schema is not null;
    }

    /// <summary>What decodes the records, without what only explains them.</summary>
    internal EventSchema WithoutWords() => this with
    {
        Description = null,
        Fields = [.. Fields.Select(field => field with
        {
            Description = null,
            Enum = field.Enum is { } type ? type with { Members = [], Omitted = type.Members.Count + type.Omitted } : null,
        })],
    };
}
