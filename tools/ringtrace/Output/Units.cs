using System.Globalization;

namespace RingTrace.Tool.Output;

/// <summary>Quantities as people read them, in three digits or so. JSON has the exact ones.</summary>
internal static class Units
{
    private static readonly string[] ByteUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    private static readonly (double Nanoseconds, string Unit)[] TimeUnits =
    [
        (1e9, "s"), (1e6, "ms"), (1e3, "us"), (1, "ns"),
    ];

    /// <summary>A number of things: <c>1,234,567</c>.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number of things: <c>1,234,567</c>.</summary>
    public static string Count(ulong count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>An amount of memory: <c>512 B</c>, <c>1.50 MiB</c>.</summary>
    public static string Bytes(long bytes)
    {
        double value = bytes;
        int unit = 0;
        for (; Math.Abs(value) >= 1024 && unit < ByteUnits.Length - 1; unit++)
        {
            value /= 1024;
        }

        return unit == 0 ? $"{bytes} B" : $"{ThreeDigits(value)} {ByteUnits[unit]}";
    }

    /// <summary>Reads an amount of memory: bytes, or a number followed by <c>K</c>, <c>M</c> or <c>G</c> (powers of 1024).</summary>
    public static bool TryParseBytes(string text, out long bytes)
    {
        int shift = text.Length == 0 ? 0 : text[^1] switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 0 };
        bool isNumber = long.TryParse(
            shift == 0 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long number);
        bytes = isNumber && number <= long.MaxValue >> shift ? number << shift : 0;
        return isNumber && number <= long.MaxValue >> shift;
    }

    /// <summary>A length of time: <c>870 ns</c>, <c>1.25 ms</c>, <c>12.0 s</c>.</summary>
    public static string Time(double nanoseconds)
    {
        (double unit, string name) = TimeUnits.FirstOrDefault(
            candidate => Math.Abs(nanoseconds) >= candidate.Nanoseconds, TimeUnits[^1]);
        return $"{ThreeDigits(nanoseconds / unit)} {name}";
    }

    /// <summary>Things in a second: <c>0.20</c>, <c>12.5</c>, <c>48,120</c>.</summary>
    public static string Rate(double perSecond) => ThreeDigits(perSecond);

    private static string ThreeDigits(double value) => value.ToString(
        value == 0 ? "0" : Math.Abs(value) switch { < 10 => "N2", < 100 => "N1", _ => "N0" }, CultureInfo.InvariantCulture);
}
