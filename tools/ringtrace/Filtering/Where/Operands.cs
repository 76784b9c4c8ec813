using System.Text;
using RingTrace.Formats;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Filtering;

/// <summary>Where a value comes from, for the events of one class. Safe to share between threads.</summary>
internal abstract class Source
{
    public abstract FieldValue Read(in EventView item);
}

/// <summary>A value that stands in the expression, or is the same for all events of a class.</summary>
internal sealed class Literal : Source
{
    private readonly ValueKind _kind;
    private readonly Int128 _integer;
    private readonly double _number;
    private readonly string _text;
    private readonly byte[] _utf8;

    private Literal(ValueKind kind, Int128 integer = default, double number = 0, string text = "")
    {
        (_kind, _integer, _number, _text) = (kind, integer, number, text);
        _utf8 = Encoding.UTF8.GetBytes(text);
    }

    public static Literal Null { get; } = new(ValueKind.Null);

    /// <summary>The text; null when it is something else.</summary>
    public string? Text => _kind == ValueKind.Text ? _text : null;

    /// <summary>The whole number; null when it is something else.</summary>
    public Int128? Integer => _kind == ValueKind.Integer ? _integer : null;

    public FieldValue Value => _kind switch
    {
        ValueKind.Boolean => FieldValue.Of(_integer != 0),
        ValueKind.Integer => FieldValue.Of(_integer),
        ValueKind.Float => FieldValue.Of(_number),
        ValueKind.Text => FieldValue.Of(_text, _utf8),
        _ => FieldValue.Null,
    };

    public static Literal Of(bool value) => new(ValueKind.Boolean, value ? 1 : 0);

    public static Literal Of(Int128 value) => new(ValueKind.Integer, value);

    public static Literal Of(double value) => new(ValueKind.Float, number: value);

    public static Literal Of(string value) => new(ValueKind.Text, text: value);

    public override FieldValue Read(in EventView item) => Value;
}

/// <summary>A field of the event.</summary>
internal sealed class FieldSource(int ordinal, EventField? declared) : Source
{
    public override FieldValue Read(in EventView item) => FieldValue.Of(item.Fields, ordinal, declared);
}

/// <summary>What every event has beside its fields.</summary>
internal sealed class HeadSource(HeadSource.Part part) : Source
{
    public enum Part
    {
        ThreadId,
        Cpu,
        Time,
    }

    public override FieldValue Read(in EventView item) => FieldValue.Of((Int128)(part switch
    {
        Part.ThreadId => item.ThreadId,
        Part.Cpu => item.Cpu,
        _ => item.Timestamp,
    }));
}
