namespace RingTrace.Fuzz;

public enum Colour : byte
{
    Red = 1,
    Green = 2,
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

    [TraceSpan]
    public static partial TraceSpan Work(int item);
}
