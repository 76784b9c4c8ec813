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

    /// <summary>So many of each type, with values to their extremes.</summary>
    public static void WriteAll(int count)
    {
        Random random = new(1);
        for (int i = 0; i < count; i++)
        {
            using TraceSpan work = Work(i);
            Integers((sbyte)-i, (byte)i, short.MinValue, ushort.MaxValue, i, uint.MaxValue, long.MinValue, ulong.MaxValue, 'x');
            Others(i % 2 == 0, float.NaN, i / 7.0, Colour.Green, Guid.NewGuid());
            Times(DateTime.UtcNow, DateTimeOffset.MaxValue, TimeSpan.FromDays(-i), Address(i), (Doors)(i % 5));
            Nullables(i % 2 == 0 ? i : null, i % 3 == 0 ? Guid.Empty : null, DateTime.MinValue, null, true, double.Epsilon);
            Arrays(i % 4 == 0 ? null : [i, -i], [1.5, double.NaN], new byte[i % 40], "longer than eight", [1, 2]);
            Texts(i % 3 == 0 ? null : new string('ä', i % 50), "chars", new byte[random.Next(100)]);
        }
    }

    private static IPAddress? Address(int i) => (i % 3) switch
    {
        0 => null,
        1 => IPAddress.Loopback,
        _ => IPAddress.IPv6Loopback,
    };
}
