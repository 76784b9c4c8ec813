using System.Globalization;

namespace RingTrace.Formats.Tests;

/// <summary>What our reader finds, by its typed access, in the spelling of judge.py.</summary>
internal static class OurReader
{
    public static List<string> Lines(string trace)
    {
        TraceReader reader = TraceReader.Open(trace);
        List<string> lines = [];
        foreach (EventView item in reader.Events())
        {
            FieldsView fields = item.Fields;
            List<string> texts = [];
            for (int i = 0; i < fields.Count; i++)
            {
                texts.Add($"{fields.GetName(i)}={Field(fields, i, item.EventClass)}");
            }

            lines.Add(string.Create(CultureInfo.InvariantCulture,
                $"{item.Name} {item.Ticks} {item.Cpu} {item.ThreadId} {{{string.Join(',', texts)}}}"));
        }

        lines.AddRange(reader.Problems.Select(problem => $"! {problem.Message}"));
        return lines;
    }

    private static string Field(in FieldsView fields, int ordinal, EventClass type)
    {
        string name = fields.GetName(ordinal);
        if (type.Schema!.Fields.FirstOrDefault(field => field.Name == name) is not { } field)
        {
            // A length.
            return RandomNumbers.Text(fields.GetUInt64(ordinal));
        }

        return field switch
        {
            { Type: FieldType.IPAddress } => List(fields.GetIPAddress(ordinal)?.GetAddressBytes() ?? []),
            { Type: FieldType.Blob } => List(fields.GetBytes(ordinal)),
            { Shape: FieldShape.Array } => Array(fields, ordinal, field.Type),
            { Shape: FieldShape.Nullable } => fields.IsNull(ordinal) ? "[]" : $"[{Single(fields, ordinal, field)}]",
            _ => Single(fields, ordinal, field),
        };
    }

    private static string Single(in FieldsView fields, int ordinal, EventField field)
    {
        switch (field.Type)
        {
            case FieldType.Float or FieldType.Double:
                return RandomNumbers.Text(fields.GetDouble(ordinal));
            case FieldType.Bool:
                return fields.GetBoolean(ordinal) ? "1" : "0";
            case FieldType.Text:
                return $"s{Convert.ToHexStringLower(fields.GetText(ordinal))}";
            case FieldType.Guid:
                return List(fields.GetGuid(ordinal).ToByteArray(bigEndian: true));
            case FieldType.TimeSpan:
                return RandomNumbers.Text(fields.GetTimeSpan(ordinal).Ticks);
            case FieldType.DateTime:
                DateTime date = fields.GetDateTime(ordinal);
                string kind = $"{(int)date.Kind}({date.Kind.ToString().ToLowerInvariant()})";
                return $"{{ticks={date.Ticks - DateTime.UnixEpoch.Ticks},kind={kind}}}";
            case FieldType.DateTimeOffset:
                DateTimeOffset moment = fields.GetDateTimeOffset(ordinal);
                return $"{{ticks={moment.UtcTicks - DateTime.UnixEpoch.Ticks},offset_minutes={moment.TotalOffsetMinutes}}}";
            default:
                bool isUnsigned = field.Type is FieldType.UInt8 or FieldType.UInt16 or FieldType.UInt32 or FieldType.UInt64
                    or FieldType.Char;
                Int128 value = isUnsigned ? fields.GetUInt64(ordinal) : fields.GetInt64(ordinal);
                return RandomNumbers.Text(value) + Labels(value, fields.GetLabel(ordinal), field);
        }
    }

    /// <summary>All labels of the value. The reader gives the first; it has to be one of the schema's.</summary>
    private static string Labels(Int128 value, string? label, EventField field)
    {
        if (field.Enum is not { Members.Count: > 0 } type)
        {
            return label is null ? "" : $"({label}?)";
        }

        string[] labels = [.. type.Members.Where(member => member.Value == value).Select(member => member.Name)];
        return label == labels.FirstOrDefault() ? $"({string.Join('|', labels)})" : $"({label}?)";
    }

    private static string Array(in FieldsView fields, int ordinal, FieldType type) => type switch
    {
        FieldType.Int8 => List(fields.GetValues<sbyte>(ordinal)),
        FieldType.UInt8 => List(fields.GetValues<byte>(ordinal)),
        FieldType.Int16 => List(fields.GetValues<short>(ordinal)),
        FieldType.UInt16 => List(fields.GetValues<ushort>(ordinal)),
        FieldType.Int32 => List(fields.GetValues<int>(ordinal)),
        FieldType.UInt32 => List(fields.GetValues<uint>(ordinal)),
        FieldType.Int64 => List(fields.GetValues<long>(ordinal)),
        FieldType.UInt64 => List(fields.GetValues<ulong>(ordinal)),
        FieldType.Float => List(fields.GetValues<float>(ordinal), value => RandomNumbers.Text((double)value)),
        _ => List(fields.GetValues<double>(ordinal), RandomNumbers.Text),
    };

    private static string List<T>(ReadOnlySpan<T> values) where T : System.Numerics.IBinaryInteger<T> =>
        List(values, RandomNumbers.Text);

    private static string List<T>(ReadOnlySpan<T> values, Func<T, string> text) =>
        $"[{string.Join(',', System.Array.ConvertAll(values.ToArray(), value => text(value)))}]";
}
