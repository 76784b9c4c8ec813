using System.Net;

namespace RingTrace.Tests.Events;

public enum Wide : ulong
{
    None = 0,
#pragma warning disable CA1069 // A second name for a value is what this one is for.
    Nothing = 0,
#pragma warning restore CA1069
    All = ulong.MaxValue,
}

public enum Low : long
{
    Least = long.MinValue,
    Minus = -1,
}

[Flags]
public enum Rights
{
    Read = 1,
    Write = 2,
    Größe = 4,
}

public enum Empty : short;

/// <summary>An event for each way that a value can lie in a record.</summary>
[TraceProvider("Type", Category = "types")]
public static partial class TypeEvents
{
    [TraceEvent]
    public static partial void Dates(DateTime time, DateTimeOffset offset, TimeSpan span);

    [TraceEvent]
    public static partial void Enums(Wide wide, Low low, Rights rights, Empty empty, char unit);

    [TraceEvent]
    public static partial void Addresses(IPAddress? first, IPAddress? second);

    [TraceEvent]
    public static partial void Floats(float single, double number, float? maybe, ReadOnlySpan<float> some, double[]? many);

    [TraceEvent]
    public static partial void Arrays(sbyte[]? a, Span<short> b, ReadOnlySpan<ushort> c, [Cap(8)] int[] d, uint[] e, [Cap(8)] long[] f);

    [TraceEvent]
    public static partial void Bytes([Cap(65536)] ReadOnlySpan<byte> blob, ulong[] many, Span<byte> more);

    [TraceEvent]
    public static partial void Numbers(sbyte? a, byte? b, short? c, ushort? d, int? e, uint? f, long? g, ulong? h, bool? i, char? j);

    [TraceEvent]
    public static partial void Others(Rights? rights, DateTime? time, DateTimeOffset? offset, TimeSpan? span, Guid? guid, double? number);

    /// <summary>Every word of the metadata's language that a parameter can be called.</summary>
    [TraceEvent]
    public static partial void Words(
        int align, int callsite, int @const, int @char, int clock, int @double, int @enum, int env, int @event, int floating_point,
        int @float, int integer, int @int, int @long, int @short, int signed, int stream, int @string, int @struct, int trace,
        int typealias, int typedef, int unsigned, int variant, int @void, int _Bool, int _Complex, int _Imaginary);

    [TraceEvent]
    public static partial void Cut([Cap(8)] string text, int after);

    /// <summary>A span that is one record.</summary>
    /// <param name="id">Whose.</param>
    /// <param name="path">Where.</param>
    /// <param name="items">Which.</param>
    /// <param name="more">And more.</param>
    [TraceSpan]
    public static partial TimedSpan Timed(long id, string path, int[] items, int? more);

    [TraceSpan(ThresholdMicroseconds = 86_400_000_000)]
    public static partial TimedSpan Slow(long id);

    [TraceSpan(OneIn = 1_000_000_000)]
    public static partial TraceSpan Rare(int id);
}
