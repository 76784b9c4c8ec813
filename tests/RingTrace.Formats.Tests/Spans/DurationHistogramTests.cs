using FsCheck;
using FsCheck.Fluent;
using RingTrace.Formats.Spans;
using Xunit;

namespace RingTrace.Formats.Tests;

public class DurationHistogramTests
{
    private static readonly double[] Percents = [0, 1, 25, 50, 90, 99, 99.9, 100];

    /// <summary>Of every magnitude: what is drawn evenly is nearly always huge.</summary>
    private static readonly Gen<long> Durations =
        from bits in Gen.Choose(0, 62)
        from high in Gen.Choose(0, int.MaxValue)
        from low in Gen.Choose(0, int.MaxValue)
        select (((long)high << 32) | (uint)low) >> bits;

    [Fact]
    public void Percentiles_are_those_of_the_sorted_list_within_the_stated_error() =>
        Prop.ForAll(Durations.ListOf().ToArbitrary(), durations =>
        {
            DurationHistogram histogram = new();
            foreach (long duration in durations)
            {
                histogram.Add(duration);
            }

            long[] sorted = [.. durations.Order()];
            Assert.Equal(sorted.Length, histogram.Count);
            Assert.Equal(sorted.FirstOrDefault(), histogram.Min);
            Assert.Equal(sorted.LastOrDefault(), histogram.Max);
            foreach (double percent in Percents)
            {
                decimal rank = Math.Max(1, Math.Ceiling((decimal)percent * sorted.Length / 100));
                double exact = sorted.Length == 0 ? 0 : sorted[(int)rank - 1];
                Assert.InRange(Math.Abs(histogram.Percentile(percent) - exact), 0, exact * DurationHistogram.RelativeError);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Small_ones_are_exact_and_the_largest_fits()
    {
        DurationHistogram histogram = new();
        for (long duration = 0; duration < 256; duration++)
        {
            histogram.Add(duration);
            Assert.Equal(duration, histogram.Percentile(100));
        }

        Assert.Equal(127, histogram.Percentile(50));
        histogram.Add(long.MaxValue);
        Assert.Equal(long.MaxValue, histogram.Percentile(100));
    }

    [Fact]
    public void Nothing_is_0_and_what_is_no_duration_is_refused()
    {
        DurationHistogram histogram = new();
        Assert.Equal((0, 0, 0, 0), (histogram.Count, histogram.Min, histogram.Max, histogram.Percentile(50)));
        Assert.Throws<ArgumentOutOfRangeException>(() => histogram.Add(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => histogram.Percentile(100.1));
    }
}
