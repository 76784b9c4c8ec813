using Xunit;

namespace RingTrace.Exploration.Tests;

public class FirstTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Slice(int bound)
    {
        using RingScenario s = new RingScenario(new RingSetup()) { Name = "slice" }
            .Writer(12, 20).Writer(12, 20).Reader(r => { r.GetAll(); r.Peek(); });
        Exploration e = Explorer.Exhaust(s, new Budget { Bound = bound, MaxTime = TimeSpan.FromSeconds(60) });
        output.WriteLine(e.ToString() + $" steps {e.Steps}");
        Assert.Null(e.Failure);
    }
}
