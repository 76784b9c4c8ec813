using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace RingTrace.Formats.Tests;

/// <summary>Our reading of a trace, in the lines that babeltrace2 prints.</summary>
internal static partial class EventLines
{
    public static List<string> Of(TraceReader reader)
    {
        List<string> lines = [];
        foreach (EventView e in reader.Events())
        {
            string packet = e.Cpu < 0 ? "" : $"{{ cpu_id = {e.Cpu} }}, ";
            string context = e.Context.Count == 0 ? "" : Fields(e.Context) + ", ";
            long seconds = Math.DivRem(e.Timestamp, 1_000_000_000, out long rest);
            lines.Add($"[{seconds}.{rest:d9}] {e.Name}: {packet}{context}{Fields(e.Fields)}");
        }

        return lines;
    }

    private static string Fields(FieldsView fields)
    {
        StringBuilder line = new();
        for (int i = 0; i < fields.Count; i++)
        {
            if (fields.GetName(i).EndsWith("_length", StringComparison.Ordinal) && fields.GetName(i)[0] == '_')
            {
                continue;
            }

            string value = fields.GetClass(i) switch
            {
                FloatClass => Number(fields.GetDouble(i)),
                ArrayClass { Element: IntegerClass { Size: 8, IsCharacter: false } } => Bytes(fields.GetBytes(i)),
                SequenceClass { Element: IntegerClass { Size: 8, IsCharacter: false } } => Bytes(fields.GetBytes(i)),
                StringClass => $"\"{fields.GetString(i).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
                ArrayClass { Element: IntegerClass { IsCharacter: true } } => $"\"{fields.GetString(i)}\"",
                SequenceClass { Element: IntegerClass { IsCharacter: true } } => $"\"{fields.GetString(i)}\"",
                _ => Fraction().Replace(fields.GetString(i), match => Number(double.Parse(match.Value, CultureInfo.InvariantCulture))),
            };
            line.Append(line.Length == 0 ? " " : ", ").Append(fields.GetName(i)).Append(" = ").Append(value);
        }

        return $"{{{line} }}";
    }

    /// <summary>A floating-point number inside a nested field.</summary>
    [GeneratedRegex(@"-?\d+(\.\d+(E[+-]\d+)?|E[+-]\d+)")]
    private static partial Regex Fraction();

    private static string Number(double value) => value switch
    {
        double.NaN => double.IsNegative(value) ? "-nan" : "nan",
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        _ => value.ToString("g6", CultureInfo.InvariantCulture),
    };

    private static string Bytes(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new("[");
        for (int i = 0; i < bytes.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ",")} [{i}] = {bytes[i]}");
        }

        return text.Append(" ]").ToString();
    }
}
