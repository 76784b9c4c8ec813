using RingTrace.Pipeline.Engine;
using Xunit;

namespace RingTrace.Pipeline.Tests.Engine;

public class TickMakerTests
{
    private const long SecondNs = 1_000_000_000;

    [Theory]
    [InlineData(long.MinValue, long.MaxValue)]
    [InlineData(long.MinValue, 0)]
    [InlineData(-5 * SecondNs, long.MaxValue - 1)]
    [InlineData(-1, 1)]
    public void Steps_from_one_end_of_time_to_the_other_are_ticks_in_order(long from, long to)
    {
        TickMaker ticks = new(SecondNs, count: 0);
        ticks.BeginRound();
        Assert.False(ticks.TryBefore(from, out _, out _));
        long begin = ticks.NextNs;
        Assert.InRange(begin, from + 1, from + SecondNs);
        Assert.True(ticks.TryBefore(to, out Tick tick, out int more));
        Assert.True(tick.Number > 0 && more >= 0 && tick.TimeNs >= begin && tick.TimeNs <= to, $"{tick}, {more} more");
        Assert.True(ticks.NextNs > tick.TimeNs);
        Assert.False(ticks.IsLate(to));
    }
}
