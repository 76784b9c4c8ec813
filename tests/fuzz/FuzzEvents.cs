using System.Net;

namespace RingTrace.Fuzz;

public enum Colour : byte
{
    Red = 1,
    Green = 2,
}

[Flags]
public enum Doors : long
{
    None = 0,
    Left = 1,
    Right = 2,
    All = 3,
    Last = long.MinValue,
}

/// <summary>An event of every type that the recorder knows.</summary>
[TraceProvider("Fuzz")]
public static partial class FuzzEvents
{
    [TraceEvent]
    public static partial void Integers(sbyte i8, byte u8, short i16, ushort u16, int i32, uint u32, long i64, ulong u64, char c);

    [TraceEvent]
    public static partial void Others(bool yes, float f, double d, Colour colour, Guid guid);

    [TraceEvent(Level = TraceLevel.Warning)]
    public static partial void Texts(string? text, ReadOnlySpan<char> chars, ReadOnlySpan<byte> blob);

    [TraceEvent(Category = "times")]
    public static partial void Times(DateTime time, DateTimeOffset offset, TimeSpan span, IPAddress? address, Doors doors);

    [TraceEvent]
    public static partial void Nullables(long? number, Guid? guid, DateTime? time, Colour? colour, bool? yes, double? real);

    [TraceEvent]
    public static partial void Arrays(int[]? ints, ReadOnlySpan<double> reals, [Cap(16)] byte[] bytes, [Cap(8)] string text, ushort[] shorts);

    [TraceSpan]
    public static partial TraceSpan Work(int item);
}
