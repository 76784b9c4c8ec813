using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace RingTrace.Formats.Tests;

/// <summary>What a trace's ticks are by the calendar.</summary>
public class ClockTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Between_two_points_the_calendar_moves_in_proportion()
    {
        // A clock that is said to tick at 1 GHz, and went 0.04 % slower.
        ClockInfo clock = Clock(1_000_000_000, new(1000, 0, 50 * Second), new(1000 + 10 * Second, 10 * Second, 60 * Second + 4_000_000));
        Assert.Empty(clock.Jumps);
        Assert.Equal(50 * Second, clock.ToRealtime(1000));
        Assert.Equal(55 * Second + 2_000_000, clock.ToRealtime(1000 + 5 * Second));
        Assert.Equal(60 * Second + 4_000_000, clock.ToRealtime(1000 + 10 * Second));
        Assert.Equal(50 * Second - 1000, clock.ToRealtime(0));
        Assert.Equal(61 * Second + 4_000_000, clock.ToRealtime(1000 + 11 * Second));
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    public void A_calendar_that_was_set_is_a_jump_and_is_not_stretched(long seconds)
    {
        ClockInfo clock = Clock(1_000_000_000, new(0, 0, 50 * Second), new(10 * Second, 10 * Second, (60 + seconds) * Second),
            new(20 * Second, 20 * Second, (70 + seconds) * Second));
        ClockJump jump = Assert.Single(clock.Jumps);
        Assert.Equal((0UL, 10 * (ulong)Second, seconds * Second), (jump.From.Ticks, jump.To.Ticks, jump.Nanoseconds));
        Assert.Equal(59 * Second, clock.ToRealtime(9 * Second));
        Assert.Equal((60 + seconds) * Second, clock.ToRealtime(10 * Second));
        Assert.Equal((65 + seconds) * Second, clock.ToRealtime(15 * Second));
    }

    [Fact]
    public void Without_points_it_is_the_metadatas_time()
    {
        ClockInfo clock = new() { Frequency = 1000, OffsetSeconds = 5 };
        clock.SetPoints("nonsense 1,2 1,2,3,4 -1,2,3 99999999999999999999,1,1");
        Assert.Empty(clock.Points);
        Assert.Equal(clock.ToNanoseconds(123), clock.ToRealtime(123));
    }

    [Fact]
    public void A_traces_events_have_the_time_of_both_scales()
    {
        using TestTrace trace = new(TestTrace.Event(0, "P:E", ""), "ringtrace_clock_pairs = \"1000,0,5000 2000,1000,6000\";");
        trace.Write("cpu0", new TestPacket(0, 9999).Event(0, 1500, 1));
        int events = 0;
        foreach (EventView e in trace.Open().Events())
        {
            events++;
            Assert.Equal(TestTrace.Nanoseconds(1500), e.Timestamp);
            Assert.Equal(5500, e.Realtime);
        }

        Assert.Equal(1, events);
    }

    /// <summary>Whatever the points, and however wrong: at a point it is the point; without jumps it never goes back.</summary>
    [Fact]
    public void The_calendar_goes_through_its_points_and_never_back() => Prop.ForAll<int>(seed =>
    {
        Random random = new(seed);
        ulong frequency = (ulong)random.NextInt64(1, 5_000_000_000);
        List<ClockPoint> points = [];
        (ulong ticks, long time) = ((ulong)random.NextInt64(), random.NextInt64(long.MaxValue / 2));
        for (int i = random.Next(1, 70); i > 0; i--)
        {
            points.Add(new ClockPoint(ticks, time, time));
            long passed = random.NextInt64(1, 100 * Second);
            ticks += Math.Max(1, (ulong)(passed / 1e9 * frequency * (1 + (random.NextDouble() - 0.5) / 1000)));
            time += passed;
        }

        ClockPoint[] shuffled = [.. points];
        random.Shuffle(shuffled);
        ClockInfo clock = Clock(frequency, shuffled);
        Assert.Equal(points, clock.Points);
        Assert.Empty(clock.Jumps);
        Assert.All(points, point => Assert.Equal(point.Realtime, clock.ToRealtime(point.Ticks)));
        ulong[] moments = [.. Enumerable.Range(0, 200).Select(_ => points[random.Next(points.Count)].Ticks
            + (ulong)random.NextInt64((long)frequency))];
        Array.Sort(moments);

        // Past the last point nothing holds it back.
        long[] times = [.. moments.Where(moment => moment <= points[^1].Ticks).Select(clock.ToRealtime)];
        Assert.Equal(times.Order(), times);
        Assert.Equal(points[0].Realtime - Second, clock.ToRealtime(points[0].Ticks - frequency));
        Assert.Equal(points[^1].Realtime + Second, clock.ToRealtime(points[^1].Ticks + frequency));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_time_is_exact_to_the_nanosecond_whatever_the_frequency() => Prop.ForAll<int>(seed =>
    {
        Random random = new(seed);
        ulong frequency = 1 + (ulong)random.NextInt64(1L << random.Next(1, 36));
        ClockInfo clock = new() { Frequency = frequency, OffsetSeconds = random.Next(), OffsetTicks = random.NextInt64(1L << random.Next(1, 61)) };
        for (int i = 0; i < 100; i++)
        {
            ulong ticks = (ulong)random.NextInt64(1L << random.Next(1, 63));
            Int128 exact = (Int128)clock.OffsetSeconds * Second + ((Int128)clock.OffsetTicks + ticks) * Second / (Int128)frequency;
            Assert.Equal((long)Int128.Min(exact, long.MaxValue), clock.ToNanoseconds(ticks));
        }
    }).QuickCheckThrowOnFailure();

    /// <summary>Nothing that stands in a trace makes it fail.</summary>
    [Fact]
    public void Extreme_points_saturate()
    {
        ClockInfo clock = Clock(1, new(0, long.MinValue, long.MinValue), new(ulong.MaxValue, long.MaxValue, long.MaxValue));
        Assert.Equal(long.MinValue, clock.ToRealtime(0));
        Assert.Equal(long.MaxValue, clock.ToRealtime(ulong.MaxValue));
        clock = Clock(1, new ClockPoint(5, 0, long.MaxValue));
        Assert.Equal(long.MaxValue, clock.ToRealtime(ulong.MaxValue));
        clock = Clock(1, new(5, long.MaxValue, long.MinValue), new(6, long.MinValue, long.MaxValue));
        Assert.Equal(long.MaxValue, Assert.Single(clock.Jumps).Nanoseconds);
    }

    private static ClockInfo Clock(ulong frequency, params ClockPoint[] points)
    {
        ClockInfo clock = new() { Frequency = frequency };
        clock.SetPoints(string.Join(' ', points.Select(point =>
            string.Create(CultureInfo.InvariantCulture, $"{point.Ticks},{point.Monotonic},{point.Realtime}"))));
        return clock;
    }
}
