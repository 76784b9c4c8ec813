using System.Globalization;
using System.Text;

namespace RingTrace;

/// <summary>The part of a trace's metadata that describes the events: their fields as the writers lay them.</summary>
internal static class CtfEvents
{
    public static void Write(StringBuilder text, EventSchema schema, ushort id)
    {
        text.Append(CultureInfo.InvariantCulture, $$"""
            event {
                name = {{Quote(schema.FullName)}};
                id = {{id}};
                stream_id = 0;
                loglevel = {{LogLevel(schema.Level)}};
                fields := struct {

            """);
        foreach (EventField field in schema.Fields)
        {
            text.Append("        ").Append(FieldText(field)).Append('\n');
        }

        text.Append("    };\n};\n");
    }

    public static string Quote(string value)
    {
        StringBuilder quoted = new("\"");
        foreach (char c in value)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                < ' ' => "?",
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>
    /// The underscore keeps a field's name from clashing with the format's words; readers strip it. Before three names,
    /// which generated code never has, it takes two.
    /// </summary>
    private static string FieldText(EventField field)
    {
        string name = field.Name is "Bool" or "Complex" or "Imaginary" ? "_" + field.Name : field.Name;
        string value = ElementText(field);
        string array = $"{value} _{name}[ __{name}_length ]";
        return field switch
        {
            { Shape: FieldShape.Array } or { Type: FieldType.Blob } => $"uint32_t __{name}_total; uint32_t __{name}_length; {array};",
            { Type: FieldType.IPAddress } => $"uint8_t __{name}_length; {array};",
            { Shape: FieldShape.Nullable } => $"uint8_t __{name}_length; {array}{After(field.Type)};",
            _ => $"{value} _{name}{After(field.Type)};",
        };
    }

    /// <summary>What stands behind the name: a type that is an array itself.</summary>
    private static string After(FieldType type) => type == FieldType.Guid ? "[16]" : "";

    /// <summary>The format has no enumeration without names.</summary>
    private static string ElementText(EventField field) => field.Enum is { Members.Count: > 0 } type
        ? $"enum : {TypeText(field.Type)} {{ {string.Join(", ", type.Members.Select(MemberText))} }}"
        : TypeText(field.Type);

    private static string MemberText(EnumMember member) =>
        string.Create(CultureInfo.InvariantCulture, $"{Quote(member.Name)} = {member.Value}");

    private static string TypeText(FieldType type) => type switch
    {
        FieldType.Int8 => "int8_t",
        FieldType.UInt8 or FieldType.Bool or FieldType.Blob or FieldType.Guid or FieldType.IPAddress => "uint8_t",
        FieldType.Int16 => "int16_t",
        FieldType.UInt16 or FieldType.Char => "uint16_t",
        FieldType.Int32 => "int32_t",
        FieldType.UInt32 => "uint32_t",
        FieldType.Int64 or FieldType.TimeSpan => "int64_t",
        FieldType.UInt64 => "uint64_t",
        FieldType.Float => "float32_t",
        FieldType.Double => "float64_t",
        FieldType.Text => "string { encoding = UTF8; }",
        FieldType.DateTime =>
            "struct { int64_t ticks; enum : uint8_t { \"unspecified\" = 0, \"utc\" = 1, \"local\" = 2 } kind; }",
        FieldType.DateTimeOffset => "struct { int64_t ticks; int16_t offset_minutes; }",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown field type."),
    };

    /// <summary>As LTTng-UST numbers them.</summary>
    private static int LogLevel(TraceLevel level) => level switch
    {
        TraceLevel.Critical => 2,
        TraceLevel.Error => 3,
        TraceLevel.Warning => 4,
        TraceLevel.Info => 6,
        _ => 14,
    };
}
