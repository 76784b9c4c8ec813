using System.Net;

namespace RingTrace.Tool.Tests;

public enum Colour
{
    Red = 1,
    Green = 2,
}

[Flags]
public enum Toppings : byte
{
    Salt = 1,
    Oil = 2,
}

/// <summary>Events of every type, which the tool's own demo does not have.</summary>
[TraceProvider("Types", Category = "testing")]
public static partial class TypeEvents
{
    [TraceEvent(Level = TraceLevel.Warning)]
    public static partial void Single(
        bool yes, char letter, Colour colour, Toppings toppings, Guid id, DateTime time, DateTimeOffset local, TimeSpan wait, IPAddress? peer);

    [TraceEvent]
    public static partial void Maybe(int? number, Colour? colour, bool? yes, char? letter, TimeSpan? wait, double? ratio);

    [TraceEvent]
    public static partial void Several([Cap(8)] ReadOnlySpan<int> numbers, double[] weights, ReadOnlySpan<byte> raw);

    [TraceEvent]
    public static partial void Cut([Cap(2)] ReadOnlySpan<byte> raw, int raw_total);

    [TraceEvent(OneIn = 1, MostPerSecond = 3)]
    public static partial void Limited(int n);

    [TraceEvent]
    public static partial void Never();

    [TraceSpan]
    public static partial TimedSpan Timed(int n);
}
