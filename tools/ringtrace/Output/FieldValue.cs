using System.Globalization;
using System.Text;
using RingTrace.Formats;

namespace RingTrace.Tool.Output;

internal enum ValueKind
{
    Null,
    Boolean,
    Integer,
    Float,
    Text,

    /// <summary>A number with a name, or a length of time and its text: equal to both.</summary>
    Enumeration,
}

/// <summary>
/// A field's value as filters and JSON see it. Valid as long as the event. Making one of a number, a text or a label
/// allocates nothing; everything else is its own text.
/// </summary>
internal readonly ref struct FieldValue
{
    private readonly string? _string;
    private readonly bool _hasBytes;

    private FieldValue(ValueKind kind, Int128 integer = default, double number = 0, string? text = null)
    {
        (Kind, Integer, Float, _string) = (kind, integer, number, text);
    }

    private FieldValue(string? text, ReadOnlySpan<byte> utf8)
    {
        (Kind, _string, _hasBytes) = (ValueKind.Text, text, true);
        Utf8 = utf8;
    }

    public ValueKind Kind { get; }

    /// <summary>Of a boolean 0 or 1.</summary>
    public Int128 Integer { get; }

    public double Float { get; }

    /// <summary>The text or label. Allocates when all there is are bytes.</summary>
    public string Text => _string ?? Encoding.UTF8.GetString(Utf8);

    /// <summary>The bytes of a text; empty when it has only <see cref="Text"/>.</summary>
    public ReadOnlySpan<byte> Utf8 { get; }

    public static FieldValue Null => default;

    public static FieldValue Of(bool value) => new(ValueKind.Boolean, value ? 1 : 0);

    public static FieldValue Of(Int128 value) => new(ValueKind.Integer, value);

    public static FieldValue Of(double value) => new(ValueKind.Float, number: value);

    public static FieldValue Of(ReadOnlySpan<byte> utf8) => new(null, utf8);

    public static FieldValue Of(string text) => new(ValueKind.Text, text: text);

    public static FieldValue Of(string text, ReadOnlySpan<byte> utf8) => new(text, utf8);

    /// <param name="fields">The event's fields.</param>
    /// <param name="ordinal">Which one.</param>
    /// <param name="declared">What the program declared there; null in traces of others.</param>
    public static FieldValue Of(FieldsView fields, int ordinal, EventField? declared)
    {
        if (fields.IsNull(ordinal))
        {
            return Null;
        }

        FieldClass type = fields.GetClass(ordinal);
        if (declared is { Shape: FieldShape.Nullable } && type is SequenceClass { Element: var element } && fields.GetTotal(ordinal) == 1)
        {
            type = element;
        }

        return (type, declared) switch
        {
            (EnumClass or IntegerClass, { Enum.IsFlags: true }) or (IntegerClass, { Type: FieldType.TimeSpan }) =>
                Labelled(fields, ordinal, fields.GetString(ordinal), declared),
            (EnumClass or IntegerClass, { Enum: not null }) or (EnumClass, _) =>
                Labelled(fields, ordinal, fields.GetLabel(ordinal), declared),
            (IntegerClass, { Type: FieldType.Bool }) => Of(fields.GetBoolean(ordinal)),
            (IntegerClass, { Type: FieldType.Char }) => Of(fields.GetString(ordinal)),
            (IntegerClass, _) => Of(Number(fields, ordinal, type)),
            (FloatClass, _) => Of(fields.GetDouble(ordinal)),
            (StringClass, _) => Of(fields.GetText(ordinal)),
            _ => Of(fields.GetString(ordinal)),
        };
    }

    /// <summary>How they are ordered; null when they are not, and not equal either.</summary>
    public static int? Compare(in FieldValue left, in FieldValue right) => (left.Kind, right.Kind) switch
    {
        (ValueKind.Null, ValueKind.Null) => 0,
        (ValueKind.Boolean, ValueKind.Boolean) => left.Integer == right.Integer ? 0 : null,
        (ValueKind.Text or ValueKind.Enumeration, ValueKind.Text) or (ValueKind.Text, ValueKind.Enumeration) =>
            CompareTexts(left, right),
        (ValueKind.Integer or ValueKind.Enumeration, ValueKind.Integer or ValueKind.Enumeration) =>
            left.Integer.CompareTo(right.Integer),
        (ValueKind.Float, ValueKind.Float) => CompareFloats(left.Float, right.Float),
        (ValueKind.Integer or ValueKind.Enumeration, ValueKind.Float) => CompareExactly(left.Integer, right.Float),
        (ValueKind.Float, ValueKind.Integer or ValueKind.Enumeration) => -CompareExactly(right.Integer, left.Float),
        _ => null,
    };

    /// <summary>A length of time is a number of nanoseconds, here as everywhere.</summary>
    private static FieldValue Labelled(FieldsView fields, int ordinal, string? label, EventField? declared)
    {
        FieldClass type = fields.GetClass(ordinal);
        Int128 number = Number(fields, ordinal, type is SequenceClass nullable ? nullable.Element : type);
        number *= declared is { Type: FieldType.TimeSpan } ? TimeSpan.NanosecondsPerTick : 1;
        return label is null || label == number.ToString(CultureInfo.InvariantCulture)
            ? Of(number) : new FieldValue(ValueKind.Enumeration, number, text: label);
    }

    private static Int128 Number(FieldsView fields, int ordinal, FieldClass type) =>
        type is IntegerClass { IsSigned: true } or EnumClass { Container.IsSigned: true }
            ? fields.GetInt64(ordinal) : fields.GetUInt64(ordinal);

    private static int? CompareFloats(double left, double right) =>
        left < right ? -1 : left > right ? 1 : left == right ? 0 : null;

    /// <summary>As a float, a large number would be rounded.</summary>
    private static int? CompareExactly(Int128 left, double right)
    {
        if (double.IsNaN(right))
        {
            return null;
        }

        double floor = Math.Floor(right);
        int order = left.CompareTo(Int128.CreateSaturating(floor));
        return order == 0 && floor < right ? -1 : order;
    }

    /// <summary>In the order of code points, which is that of their bytes.</summary>
    private static int CompareTexts(in FieldValue left, in FieldValue right) => left._hasBytes && right._hasBytes
        ? left.Utf8.SequenceCompareTo(right.Utf8)
        : string.CompareOrdinal(left.Text, right.Text);
}
