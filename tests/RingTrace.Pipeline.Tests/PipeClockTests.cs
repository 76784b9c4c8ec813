using RingTrace.Pipeline.Sources;
using Xunit;

namespace RingTrace.Pipeline.Tests;

public class PipeClockTests
{
    private const long SecondNs = 1_000_000_000;
    private const long StartNs = 1_700_000_000 * SecondNs;
    private long _now = StartNs;

    [Fact]
    public void It_says_nothing_before_the_first_packet_and_then_goes_with_the_system_s()
    {
        PipeClock clock = new(() => _now);
        Assert.Equal(long.MinValue, clock.NowNs);
        clock.Meet(_now);
        long first = clock.NowNs;
        Assert.InRange(first, _now - SecondNs, _now - 1);
        _now += 7 * SecondNs;
        Assert.Equal(first + (7 * SecondNs), clock.NowNs);
    }

    [Fact]
    public void It_is_as_late_as_the_latest_packet_was()
    {
        PipeClock clock = new(() => _now);
        clock.Meet(_now - (2 * SecondNs));
        clock.Meet(_now);
        Assert.True(clock.NowNs < _now - (2 * SecondNs));
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public void Packets_that_are_not_of_now_give_it_no_time(int seconds)
    {
        PipeClock clock = new(() => _now);
        clock.Meet(_now + (seconds * SecondNs));
        Assert.Equal(long.MinValue, clock.NowNs);
    }
}
