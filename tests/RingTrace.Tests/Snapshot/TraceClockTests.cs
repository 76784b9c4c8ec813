using FsCheck;
using FsCheck.Fluent;
using RingTrace.Buffers;
using Xunit;

namespace RingTrace.Tests.Snapshot;

/// <summary>Laws of the arithmetic between ticks and the calendar, for clocks of 32 kHz to 10 GHz.</summary>
public class TraceClockTests
{
    private const long Hour = 3_600_000_000_000;

    private static Gen<TraceClock> Clocks =>
        from frequency in Gen.OneOf(
            Gen.Elements(32_768ul, 1_000_000ul, 999_999_999ul, 1_000_000_000ul, 2_893_203_117ul, 10_000_000_000ul),
            Gen.Choose(32_768, int.MaxValue).Select(f => (ulong)f))
        from clock in Ticks
        from realtime in Gen.Choose(0, int.MaxValue).Select(seconds => seconds * 1_000_000_000L)
        from rest in Gen.Choose(0, 999_999_999)
        select new TraceClock(frequency, new ClockPair(clock, 1, realtime + rest));

    /// <summary>Anywhere, and near the borders of 32, 63 and 64 bits.</summary>
    private static Gen<ulong> Ticks => Gen.OneOf(
        ArbMap.Default.GeneratorFor<ulong>(),
        from at in Gen.Elements(0ul, 1ul << 32, 1ul << 62, 1ul << 63, ulong.MaxValue)
        from off in Gen.Choose(-1000, 1000)
        select at + (ulong)off);

    private static Gen<long> Pauses => Gen.OneOf(
        Gen.Choose(0, 1_000_000).Select(ns => (long)ns),
        Gen.Choose(0, 48).SelectMany(h => Gen.Choose(0, 999_999_999).Select(ns => (h * Hour) + ns)));

    [Fact]
    public void The_pair_is_where_the_clocks_meet() => Check(
        from clock in Clocks select clock,
        clock => Math.Abs((clock.ToRealtime(clock.Pair.Clock) - At(clock.Pair.Realtime)).Ticks) <= 1 + TickOf(clock));

    [Fact]
    public void Time_after_the_pair_is_ticks_over_the_frequency() => Check(
        from clock in Clocks
        from pause in Pauses
        select (clock, pause),
        given =>
        {
            (TraceClock clock, long pause) = given;
            ulong ticks = (ulong)((UInt128)pause * clock.Frequency / 1_000_000_000);
            if (clock.Pair.Clock > ulong.MaxValue - ticks)
            {
                return true;
            }

            TimeSpan passed = clock.ToRealtime(clock.Pair.Clock + ticks) - clock.ToRealtime(clock.Pair.Clock);
            return Math.Abs(passed.Ticks - (pause / 100)) <= 2 + TickOf(clock);
        });

    [Fact]
    public void A_window_reaches_as_far_back_as_it_says_or_to_zero() => Check(
        from clock in Clocks
        from pause in Pauses
        select (clock, pause),
        given =>
        {
            (TraceClock clock, long pause) = given;
            TimeSpan span = TimeSpan.FromTicks(pause / 100);
            UInt128 ticks = (UInt128)span.Ticks * clock.Frequency / TimeSpan.TicksPerSecond;
            ulong back = clock.TicksBefore(span);
            return ticks > clock.Pair.Clock ? back == 0 : clock.Pair.Clock - back == ticks;
        });

    [Fact]
    public void Later_ticks_are_never_an_earlier_time_and_no_ticks_are_an_error() => Check(
        from clock in Clocks
        from one in Ticks
        from two in Ticks
        select (clock, one: Math.Min(one, two), two: Math.Max(one, two)),
        given => given.clock.ToRealtime(given.one) <= given.clock.ToRealtime(given.two));

    [Fact]
    public void The_longest_window_is_everything() =>
        Assert.Equal(0ul, new TraceClock(10_000_000_000, new ClockPair(ulong.MaxValue, 1, 1)).TicksBefore(TimeSpan.MaxValue));

    /// <summary>How many 100 ns there are in a tick, rounded up.</summary>
    private static long TickOf(TraceClock clock) => (long)(TimeSpan.TicksPerSecond / clock.Frequency) + 1;

    private static DateTimeOffset At(long realtime) => DateTimeOffset.UnixEpoch.AddTicks(realtime / 100);

    private static void Check<T>(Gen<T> given, Func<T, bool> law) =>
        Prop.ForAll(given.ToArbitrary(), law).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
}
