using Xunit;

namespace RingTrace.Tests.Events;

/// <summary>What limits let through, by a clock that the test moves.</summary>
public class EventGateTests
{
    private readonly EventTally _tally = new();

    [Fact]
    public void A_threshold_lets_through_what_lasts_as_long_and_what_has_no_duration()
    {
        EventGate gate = Gate(new() { ThresholdNanoseconds = 1_000 });
        Assert.False(gate.Admits(999, 0));
        Assert.True(gate.Admits(1_000, 0));
        Assert.True(gate.Admits(EventGate.NoDuration, 0));
        Assert.Equal(1, _tally.Suppressed.Value);
    }

    [Fact]
    public void A_throttle_lets_through_so_many_in_each_second()
    {
        EventGate gate = Gate(new() { MostPerSecond = 3 });
        for (int second = 0; second < 5; second++)
        {
            int admitted = Enumerable.Range(0, 100).Count(i => gate.Admits(0, (second * 1_000) + (i * 9)));
            Assert.Equal(3, admitted);
        }

        Assert.Equal(5 * 97, _tally.Suppressed.Value);
    }

    [Fact]
    public void A_throttle_holds_for_all_threads_together()
    {
        EventGate gate = Gate(new() { MostPerSecond = 1_000 });
        int admitted = 0;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            int mine = Enumerable.Range(0, 10_000).Count(_ => gate.Admits(0, 5_000));
            Interlocked.Add(ref admitted, mine);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(1_000, admitted);
        Assert.Equal(39_000, _tally.Suppressed.Value);
    }

    [Fact]
    public void A_throttle_holds_for_who_read_the_clock_before_the_second_turned()
    {
        EventGate gate = Gate(new() { MostPerSecond = 2 });
        Assert.True(gate.Admits(0, 1_999));
        Assert.True(gate.Admits(0, 2_000));
        Assert.True(gate.Admits(0, 1_999));
        Assert.False(gate.Admits(0, 2_000));
        Assert.False(gate.Admits(0, 1_999));
        Assert.True(gate.Admits(0, 3_000));
    }

    [Fact]
    public void A_throttle_goes_on_when_its_gate_is_replaced()
    {
        Assert.Equal(2, Enumerable.Range(0, 5).Count(_ => Gate(new() { MostPerSecond = 2 }).Admits(0, 1_000)));
        Assert.Equal(1, Enumerable.Range(0, 5).Count(_ => Gate(new() { MostPerSecond = 3 }).Admits(0, 1_000)));
        Assert.False(Gate(new() { MostPerSecond = 2 }).Admits(0, 1_000));
        Assert.True(Gate(new() { MostPerSecond = 2 }).Admits(0, 2_000));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(1_000)]
    public void A_sample_is_one_of_so_many_by_chance(int oneIn)
    {
        EventGate gate = Gate(new() { OneIn = oneIn });
        const int Calls = 1_000_000;
        int admitted = Enumerable.Range(0, Calls).Count(_ => gate.Admits(0, 0));

        // Six standard deviations: once in a thousand million runs.
        double mean = (double)Calls / oneIn;
        double slack = 6 * Math.Sqrt(mean * (1 - (1.0 / oneIn)));
        Assert.InRange(admitted, mean - slack, mean + slack);
        Assert.Equal(Calls - admitted, _tally.Suppressed.Value);
    }

    [Fact]
    public void A_sample_has_no_pattern_that_the_calls_could_meet()
    {
        // Calls in turns of ten: by counting, always the same one would be taken.
        EventGate gate = Gate(new() { OneIn = 10 });
        HashSet<int> taken = [.. Enumerable.Range(0, 10_000).Where(_ => gate.Admits(0, 0)).Select(i => i % 10)];
        Assert.Equal(10, taken.Count);
    }

    [Fact]
    public void All_limits_hold_together_and_only_what_passes_counts_for_the_throttle()
    {
        EventGate gate = Gate(new() { ThresholdNanoseconds = 10, MostPerSecond = 2 });
        Assert.Equal(0, Enumerable.Range(0, 100).Count(_ => gate.Admits(9, 0)));
        Assert.Equal(2, Enumerable.Range(0, 100).Count(_ => gate.Admits(10, 0)));
    }

    [Fact]
    public void A_gate_allocates_nothing()
    {
        EventGate gate = Gate(new() { ThresholdNanoseconds = 1, MostPerSecond = 10, OneIn = 3 });
        gate.Admits(1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
        {
            gate.Admits(i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private EventGate Gate(EventLimits limits) => new(limits, null!, _tally);
}
