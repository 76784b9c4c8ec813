using System.Globalization;

namespace RingTrace.Formats;

/// <content>The calendar by the pairs that the recorder kept.</content>
public sealed partial class ClockInfo
{
    /// <summary>More than a recorder keeps; what is beyond is left out.</summary>
    private const int MostPoints = 1024;

    /// <summary>Between two points the calendar may differ from the steady clock by this and a 2000th of the time.</summary>
    private const long SteadyNanoseconds = 1_000_000;
    private const long SteadyShare = 2000;

    private ClockPoint[] _points = [];
    private ClockJump[] _jumps = [];

    /// <summary>
    /// Instants at which the recorder looked at the calendar, in the order of ticks; empty when the trace has none.
    /// </summary>
    public IReadOnlyList<ClockPoint> Points => _points;

    /// <summary>
    /// Where the calendar was set, or the machine slept, while the recorder ran: between the two points it moved
    /// otherwise than the steady clock, by more than a millisecond and the rate at which it may be slewed (0.05 %).
    /// </summary>
    public IReadOnlyList<ClockJump> Jumps => _jumps;

    /// <summary>
    /// A time in ticks as nanoseconds since 1970-01-01 UTC by the calendar of its moment: between two points in
    /// proportion, outside of them at the clock's rate. Across a jump it goes on at the clock's rate up to the later
    /// point. Without points the same as <see cref="ToNanoseconds"/>, which has one offset for the whole trace.
    /// </summary>
    /// <param name="ticks">The clock's value.</param>
    public long ToRealtime(ulong ticks)
    {
        if (_points.Length == 0)
        {
            return ToNanoseconds(ticks);
        }

        int next = FirstAfter(ticks);
        if (next == 0 || next == _points.Length)
        {
            return AtRate(_points[Math.Max(0, next - 1)], ticks);
        }

        (ClockPoint from, ClockPoint to) = (_points[next - 1], _points[next]);
        if (IsJump(from, to))
        {
            return AtRate(from, ticks);
        }

        Int128 part = (Int128)(ticks - from.Ticks) * ((Int128)to.Realtime - from.Realtime);
        return (long)(from.Realtime + part / (to.Ticks - from.Ticks));
    }

    /// <summary>Takes the recorder's pairs, <c>ticks,monotonic,realtime</c> with spaces between; what is none is left out.</summary>
    internal void SetPoints(string pairs)
    {
        List<ClockPoint> points = [];
        foreach (Range range in pairs.AsSpan().Split(' '))
        {
            if (points.Count < MostPoints && Parse(pairs.AsSpan(range)) is { } point)
            {
                points.Add(point);
            }
        }

        points.Sort((left, right) => left.Ticks.CompareTo(right.Ticks));
        _points = [.. points.DistinctBy(point => point.Ticks)];
        List<ClockJump> jumps = [];
        for (int i = 1; i < _points.Length; i++)
        {
            (ClockPoint from, ClockPoint to) = (_points[i - 1], _points[i]);
            if (IsJump(from, to))
            {
                jumps.Add(new ClockJump(from, to, (long)Int128.Clamp(Step(from, to), long.MinValue, long.MaxValue)));
            }
        }

        _jumps = [.. jumps];
    }

    private static ClockPoint? Parse(ReadOnlySpan<char> text)
    {
        Span<Range> parts = stackalloc Range[4];
        CultureInfo culture = CultureInfo.InvariantCulture;
        return text.Split(parts, ',') == 3
            && ulong.TryParse(text[parts[0]], NumberStyles.None, culture, out ulong ticks)
            && long.TryParse(text[parts[1]], NumberStyles.AllowLeadingSign, culture, out long monotonic)
            && long.TryParse(text[parts[2]], NumberStyles.AllowLeadingSign, culture, out long realtime)
            ? new ClockPoint(ticks, monotonic, realtime) : null;
    }

    /// <summary>How much further the calendar went than the steady clock.</summary>
    private static Int128 Step(ClockPoint from, ClockPoint to) =>
        ((Int128)to.Realtime - from.Realtime) - ((Int128)to.Monotonic - from.Monotonic);

    private static bool IsJump(ClockPoint from, ClockPoint to) =>
        Int128.Abs(Step(from, to)) > SteadyNanoseconds + Int128.Abs((Int128)to.Monotonic - from.Monotonic) / SteadyShare;

    /// <summary>The index of the first point that is later; the number of points when there is none.</summary>
    private int FirstAfter(ulong ticks)
    {
        (int low, int high) = (0, _points.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _points[middle].Ticks <= ticks ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private long AtRate(ClockPoint point, ulong ticks)
    {
        Int128 distance = (Int128)ticks - point.Ticks;
        Int128 time = point.Realtime + Floor(distance * NanosecondsPerSecond, Frequency);
        return (long)Int128.Clamp(time, long.MinValue, long.MaxValue);
    }
}
