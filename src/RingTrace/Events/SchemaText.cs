using System.Text.Json;
using System.Text.Json.Serialization;

namespace RingTrace;

/// <summary>An event's schema as it lies in the region and in traces: one JSON object, ASCII only.</summary>
internal static class SchemaText
{
    private const int MaxLength = 1 << 20;

    /// <summary>The schema; without its words where it would be longer than what <see cref="Read"/> takes.</summary>
    public static byte[] Write(EventSchema schema)
    {
        byte[] text = JsonSerializer.SerializeToUtf8Bytes(schema, SchemaContext.Default.EventSchema);
        return text.Length <= MaxLength
            ? text
            : JsonSerializer.SerializeToUtf8Bytes(schema.WithoutWords(), SchemaContext.Default.EventSchema);
    }

    /// <summary>The schema, or null: the text may come from anywhere.</summary>
    public static EventSchema? Read(ReadOnlySpan<byte> utf8) =>
        utf8.Length <= MaxLength
        && JsonText.Read(utf8, SchemaContext.Default.EventSchema) is { } schema && IsSound(schema) ? schema : null;

    private static bool IsSound(EventSchema schema) =>
        schema is { Provider: not null, Name: not null, Fields: not null }
        && schema.Kind is >= EventKind.Instant and <= EventKind.Complete
        && schema.Limits is null or { ThresholdNanoseconds: >= 0, MostPerSecond: >= 0, OneIn: >= 0 }
        && schema.Fields.All(IsSound)
        && schema.Fields.Select(field => field.Name).Distinct(StringComparer.Ordinal).Count() == schema.Fields.Count;

    private static bool IsSound(EventField? field) =>
        field is { Name: not null, Type: >= FieldType.Int8 and <= FieldType.IPAddress, Cap: >= 0 } && IsIdentifier(field.Name)
        && field.Shape switch
        {
            FieldShape.Single => true,
            FieldShape.Nullable => field.Type is not (FieldType.Text or FieldType.Blob or FieldType.IPAddress),
            FieldShape.Array => field.Type is <= FieldType.UInt64 or FieldType.Float or FieldType.Double,
            _ => false,
        }
        && (field.Enum is null || (field.Type <= FieldType.UInt64 && IsSound(field.Enum)));

    /// <summary>A field's name stands in a trace's metadata as it is.</summary>
    private static bool IsIdentifier(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static bool IsSound(EnumType type) =>
        type is { Name: not null, Members: not null, Omitted: >= 0 }
        && type.Members.All(member => member is { Name: not null } && member.Value >= long.MinValue && member.Value <= ulong.MaxValue);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventSchema))]
internal sealed partial class SchemaContext : JsonSerializerContext;
