using System.Globalization;

namespace RingTrace.Tool.Filtering;

/// <summary>Lengths of time as people type them: a number and a unit, <c>500ms</c>, <c>1.5s</c>, <c>5m</c>.</summary>
internal static class Durations
{
    public const string Units = "ns, us, ms, s, m, h or d";

    /// <summary>Reads one, in nanoseconds.</summary>
    /// <returns>False when it is none, is negative or goes beyond 292 years.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out long nanoseconds)
    {
        int digits = text.LastIndexOfAnyInRange('0', '9') + 1;
        nanoseconds = 0;
        return decimal.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            && UnitOf(text[digits..]) is { } unit
            && TryScale(number, unit, out nanoseconds);
    }

    /// <summary>A unit in nanoseconds; null when it is none.</summary>
    public static long? UnitOf(ReadOnlySpan<char> unit) => unit switch
    {
        "ns" => 1,
        "us" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        "d" => 86_400_000_000_000,
        _ => null,
    };

    private static bool TryScale(decimal number, long unit, out long nanoseconds)
    {
        bool fits = number <= long.MaxValue / unit;
        nanoseconds = fits ? (long)(number * unit) : 0;
        return fits;
    }
}
