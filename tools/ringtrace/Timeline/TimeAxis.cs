using System.Globalization;

namespace RingTrace.Tool.Timeline;

/// <summary>Marks on an axis of time, at round numbers of one unit, counted from a moment.</summary>
/// <param name="from">Where the axis begins, in nanoseconds.</param>
/// <param name="to">Where it ends; later.</param>
/// <param name="zero">The moment.</param>
internal sealed class TimeAxis(long from, long to, long zero)
{
    private const int MostMarks = 9;

    private static readonly (string Unit, double Nanoseconds)[] Units = [("s", 1e9), ("ms", 1e6), ("µs", 1e3), ("ns", 1)];

    /// <summary>How long after the axis' begin they are, and what to write there: <c>+20 ms</c>.</summary>
    public IEnumerable<(double After, string Label)> Marks()
    {
        // Times since 1970 are too long for a double to tell nanoseconds apart; differences are not.
        double before = zero - from;
        double length = to - from;
        double step = Step(length / MostMarks);
        (string unit, double nanoseconds) = Units.First(unit => step >= unit.Nanoseconds || unit.Nanoseconds == 1);
        for (double mark = Math.Ceiling(-before / step) * step; mark + before <= length; mark += step)
        {
            double value = Math.Round(mark / nanoseconds, 3);
            yield return (mark + before, value.ToString("+0.###;-0.###;0", CultureInfo.InvariantCulture) + " " + unit);
        }
    }

    /// <summary>The next of 1, 2, 5 times a power of ten.</summary>
    private static double Step(double least)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(1, least))));
        return new[] { 1.0, 2, 5, 10 }.Select(factor => factor * power).First(step => step >= least || step == 10 * power);
    }
}
