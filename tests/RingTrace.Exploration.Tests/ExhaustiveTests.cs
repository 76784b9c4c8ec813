using Xunit;

namespace RingTrace.Exploration.Tests;

/// <summary>Every interleaving of tiny rings, up to a number of preemptions.</summary>
public class ExhaustiveTests(ITestOutputHelper output)
{
    public static TheoryData<string, int> Scenarios => new()
    {
        { "two writers, fitting", 3 },
        { "two writers, crossing", 2 },
        { "two writers, filling", 2 },
        { "two writers, mixed", 2 },
        { "two writers, too big", 2 },
        { "two writers, a lap", 3 },
        { "two writers, losses", 3 },
        { "three writers", 3 },
        { "three writers and a reader", 2 },
        { "writer laps a reader", 3 },
        { "writer laps a reader twice over", 2 },
        { "writer laps a copier", 3 },
        { "two readers, one spare", 2 },
        { "two readers, two spares", 2 },
        { "reader and copier", 2 },
        { "discard, crossing", 2 },
        { "discard, filling", 2 },
        { "discard, nobody reads", 3 },
        { "position wraps", 2 },
        { "position wraps, discard", 2 },
        { "a writer dies", 2 },
        { "a writer dies, discard", 2 },
        { "a reader dies", 2 },
        { "a reader dies, one spare", 2 },
    };

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Every_interleaving_within_the_bound_keeps_what_must_hold(string name, int bound)
    {
        using RingScenario scenario = Catalog.Make(name);
        Exploration found = Explorer.Exhaust(scenario, new Budget { Bound = Summary.IsFull ? bound + 1 : bound });
        Summary.Add(output, found);
        Assert.Null(found.Failure);
        Assert.True(found.IsExhaustive);
    }
}
