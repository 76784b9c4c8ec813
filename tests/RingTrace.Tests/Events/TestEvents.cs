namespace RingTrace.Tests.Events;

public enum Colour : byte
{
    Red = 1,
    Green = 2,
}

[TraceProvider("Test")]
public static partial class TestEvents
{
    [TraceEvent]
    public static partial void Small(long id, int value);

    [TraceEvent]
    public static partial void Nothing();

    [TraceEvent]
    public static partial void Integers(
        sbyte i8, byte u8, short i16, ushort u16, int i32, uint u32, long i64, ulong u64, char c);

    [TraceEvent]
    public static partial void Others(bool yes, float f, double d, Colour colour, Guid guid);

    [TraceEvent]
    public static partial void Texts(string? text, ReadOnlySpan<char> chars, ReadOnlySpan<byte> blob);

    [TraceEvent(Level = TraceLevel.Debug)]
    public static partial void Detail(int n);

    [TraceSpan]
    public static partial TraceSpan Work(int item);
}

/// <summary>Bound by hand only, and only by the test that needs an event of its own.</summary>
[TraceProvider("Stress")]
public static partial class StressEvents
{
    [TraceEvent]
    public static partial void Tick(int thread, long number, ulong check, ReadOnlySpan<byte> filler);
}
