using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Unicode;
using RingTrace.Formats;

namespace RingTrace.Tool.Output;

/// <summary>
/// An event's fields as JSON: numbers, booleans, null and arrays of numbers as such, all else as text: names of enums,
/// ISO 8601 times, bytes in hexadecimal. An array that was cut is followed by <c>_NAME_total</c>, the elements it had:
/// a name that no field of the program can have beside it.
/// </summary>
internal static class JsonFields
{
    /// <summary>As an object.</summary>
    public static void Write(Utf8JsonWriter json, in EventView item)
    {
        json.WriteStartObject();
        FieldsView fields = item.Fields;
        for (int i = 0; i < fields.Count; i++)
        {
            TraceField field = item.EventClass.Fields[i];
            if (field.IsHidden)
            {
                continue;
            }

            json.WritePropertyName(field.Name);
            if (TryWriteArray(json, fields, i, field.Declared, out int written))
            {
                if (fields.GetTotal(i) > written)
                {
                    json.WriteNumber($"_{field.Name}_total", fields.GetTotal(i));
                }
            }
            else
            {
                WriteValue(json, FieldValue.Of(fields, i, field.Declared));
            }
        }

        json.WriteEndObject();
    }

    /// <summary>Not of characters, and not of what has another meaning. Bytes are no numbers to people.</summary>
    private static bool TryWriteArray(Utf8JsonWriter json, FieldsView fields, int ordinal, EventField? declared, out int written)
    {
        written = -1;
        if (declared is not (null or { Shape: FieldShape.Array, Enum: null, Type: <= FieldType.UInt64 or FieldType.Float or FieldType.Double }
            or { Type: FieldType.Blob }))
        {
            return false;
        }

        FieldClass? element = fields.GetClass(ordinal) switch
        {
            SequenceClass sequence => sequence.Element,
            ArrayClass array => array.Element,
            _ => null,
        };
        written = element switch
        {
            IntegerClass { IsCharacter: true } => -1,
            IntegerClass { IsSigned: false, Size: 8 } => WriteBytes(json, fields, ordinal),
            IntegerClass { IsSigned: true, Size: 8 } => WriteArray<sbyte>(json, fields, ordinal),
            IntegerClass { IsSigned: true, Size: 16 } => WriteArray<short>(json, fields, ordinal),
            IntegerClass { IsSigned: true, Size: 32 } => WriteArray<int>(json, fields, ordinal),
            IntegerClass { IsSigned: true, Size: 64 } => WriteArray<long>(json, fields, ordinal),
            IntegerClass { IsSigned: false, Size: 16 } => WriteArray<ushort>(json, fields, ordinal),
            IntegerClass { IsSigned: false, Size: 32 } => WriteArray<uint>(json, fields, ordinal),
            IntegerClass { IsSigned: false, Size: 64 } => WriteArray<ulong>(json, fields, ordinal),
            FloatClass { Size: 32 } => WriteArray<float>(json, fields, ordinal),
            FloatClass { Size: 64 } => WriteArray<double>(json, fields, ordinal),
            _ => -1,
        };
        return written >= 0;
    }

    private static int WriteBytes(Utf8JsonWriter json, FieldsView fields, int ordinal)
    {
        if (!fields.HasValues<byte>(ordinal))
        {
            return -1;
        }

        ReadOnlySpan<byte> bytes = fields.GetValues<byte>(ordinal);
        json.WriteStringValue("0x" + Convert.ToHexString(bytes));
        return bytes.Length;
    }

    private static int WriteArray<T>(Utf8JsonWriter json, FieldsView fields, int ordinal) where T : unmanaged, INumber<T>
    {
        if (!fields.HasValues<T>(ordinal))
        {
            return -1;
        }

        ReadOnlySpan<T> values = fields.GetValues<T>(ordinal);
        json.WriteStartArray();
        foreach (T value in values)
        {
            WriteValue(json, typeof(T) == typeof(float) || typeof(T) == typeof(double)
                ? FieldValue.Of(double.CreateTruncating(value)) : FieldValue.Of(Int128.CreateTruncating(value)));
        }

        json.WriteEndArray();
        return values.Length;
    }

    private static void WriteValue(Utf8JsonWriter json, in FieldValue value)
    {
        switch (value.Kind)
        {
            case ValueKind.Null:
                json.WriteNullValue();
                break;
            case ValueKind.Boolean:
                json.WriteBooleanValue(value.Integer != 0);
                break;
            case ValueKind.Integer when value.Integer < 0:
                json.WriteNumberValue((long)value.Integer);
                break;
            case ValueKind.Integer:
                json.WriteNumberValue((ulong)value.Integer);
                break;
            case ValueKind.Float when double.IsFinite(value.Float):
                json.WriteNumberValue(value.Float);
                break;
            case ValueKind.Float:
                json.WriteStringValue(value.Float.ToString(CultureInfo.InvariantCulture));
                break;
            case ValueKind.Text when !value.Utf8.IsEmpty && Utf8.IsValid(value.Utf8):
                json.WriteStringValue(value.Utf8);
                break;
            default:
                json.WriteStringValue(value.Text);
                break;
        }
    }
}
