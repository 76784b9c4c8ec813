using FsCheck;
using FsCheck.Fluent;
using RingTrace.Tool.Net.Stats;
using Xunit;

namespace RingTrace.Tool.Tests.Net;

public class RateSeriesTests
{
    private const int Most = 16;

    [Fact]
    public void Every_packet_is_in_the_interval_of_its_time_however_they_come() => Prop.ForAll<int, long[]>((scale, any) =>
    {
        // Near each other and far apart, in any order, before 1970 too.
        long[] times = [.. any.Select((time, i) => i % 7 == 6 ? time : time % (1L << (Math.Abs(scale % 60) + 1)))];
        RateSeries series = new(10, Most);
        foreach (long time in times)
        {
            series.Add(time, 100);
        }

        Assert.InRange(series.Bins.Length, Math.Min(1, times.Length), Most);
        Assert.Equal(times.Length, Sum(series));
        Assert.Matches("^10+$", $"{series.Interval}");
        for (int i = 0; i < series.Bins.Length; i++)
        {
            Int128 begin = Number(times.Min(), series.Interval) + i;
            long expected = times.LongCount(time => Number(time, series.Interval) == begin);
            Assert.Equal(new RateBin(expected, 100 * expected), series.Bins[i]);
            Assert.Equal(Int128.Max(begin * series.Interval, long.MinValue), series.TimeOf(i));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Intervals_without_packets_are_there()
    {
        RateSeries series = new(1000, Most);
        series.Add(1_700, 1);
        series.Add(4_999, 2);
        Assert.Equal([new RateBin(1, 1), default, default, new RateBin(1, 2)], series.Bins.ToArray());
        Assert.Equal(1000, series.TimeOf(0));
        Assert.Equal(1000, series.Interval);
    }

    [Fact]
    public void The_farthest_times_fit()
    {
        RateSeries series = new(1, Most);
        series.Add(long.MaxValue, 1);
        series.Add(long.MinValue, 1);
        Assert.Equal(2, Sum(series));
    }

    private static Int128 Number(long time, long interval) => ((Int128)time - (((Int128)time % interval) + interval) % interval) / interval;

    private static long Sum(RateSeries series)
    {
        long sum = 0;
        foreach (RateBin bin in series.Bins)
        {
            sum += bin.Packets;
        }

        return sum;
    }
}
