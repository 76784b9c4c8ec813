using System.Numerics;

namespace RingTrace.Formats.Spans;

/// <summary>
/// Durations, counted in buckets whose width grows with the value: percentiles of any number of them in at most 57 KiB.
/// For one thread.
/// </summary>
public sealed class DurationHistogram
{
    /// <summary>A percentile is off by at most this part of its value. Minimum and maximum are exact.</summary>
    public const double RelativeError = 1.0 / (2 * Steps);

    /// <summary>Buckets between a power of two and the next.</summary>
    private const int Steps = 128;
    private const int StepBits = 7;

    /// <summary>Values below <see cref="Steps"/>, then one row a power of two up to 2^62. Made when first needed.</summary>
    private readonly long[]?[] _rows = new long[64 - StepBits][];

    /// <summary>How many durations there are.</summary>
    public long Count { get; private set; }

    /// <summary>The shortest; 0 when there are none.</summary>
    public long Min { get; private set; }

    /// <summary>The longest; 0 when there are none.</summary>
    public long Max { get; private set; }

    /// <summary>Counts a duration.</summary>
    /// <param name="duration">In nanoseconds, or what the caller likes; 0 or more.</param>
    public void Add(long duration)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(duration);
        int row = Math.Max(0, BitOperations.Log2((ulong)duration) - StepBits + 1);
        long step = row == 0 ? duration : (duration >> (row - 1)) - Steps;
        (_rows[row] ??= new long[Steps])[step]++;
        Min = Count == 0 ? duration : Math.Min(Min, duration);
        Max = Math.Max(Max, duration);
        Count++;
    }

    /// <summary>
    /// The least duration that at least so many percent of all do not exceed, within <see cref="RelativeError"/>; 0 when
    /// there are none.
    /// </summary>
    /// <param name="percent">0 to 100.</param>
    public long Percentile(double percent)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(percent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(percent, 100);
        double rank = Math.Ceiling(percent * Count / 100);
        if (rank >= Count)
        {
            return Max;
        }

        long below = 0;
        for (int row = 0; row < _rows.Length; row++)
        {
            for (int step = 0; step < Steps && _rows[row] is { } counts; step++)
            {
                below += counts[step];
                if (counts[step] > 0 && below >= rank)
                {
                    return Math.Clamp(Middle(row, step), Min, Max);
                }
            }
        }

        return Max;
    }

    private static long Middle(int row, int step)
    {
        if (row == 0)
        {
            return step;
        }

        long width = 1L << (row - 1);
        return (Steps + step) * width + (width - 1) / 2;
    }
}
