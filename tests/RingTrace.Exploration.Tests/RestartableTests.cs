using RingTrace.Buffers;
using Xunit;

namespace RingTrace.Exploration.Tests;

/// <summary>What only the restartable writer can meet: sections thrown away, the wrong CPU, help.</summary>
public sealed class RestartableTests(ITestOutputHelper output) : ExhaustiveTests(output, WriterKind.Restartable)
{
    /// <summary>Between entering a location and publishing that is the oldest packet; elsewhere, none.</summary>
    [Theory]
    [InlineData("a writer stops anywhere", 1)]
    [InlineData("a writer stops, nobody reads", 2)]
    [InlineData("a writer stops at an exact fill", 1)]
    public void A_writer_that_stops_for_ever_costs_one_packet_at_most(string name, int bound) => Explore(name, bound);

    [Theory]
    [InlineData("a writer moves", 2)]
    [InlineData("a writer moves, discard", 2)]
    public void A_thread_that_moves_publishes_where_it_is_or_nowhere(string name, int bound) => Explore(name, bound);

    [Theory]
    [InlineData("a writer gone astray", 1)]
    public void A_thread_that_is_never_on_the_rings_CPU_gives_up_and_says_so(string name, int bound) =>
        Explore(name, bound);

    [Theory]
    [InlineData("help races with two readers", 2)]
    public void Whoever_delivers_it_is_delivered_once(string name, int bound) => Explore(name, bound);

    [Theory]
    [InlineData("a writer moves", 1)]
    [InlineData("a writer stops anywhere", 1)]
    public void No_barrier_is_missing(string name, int bound)
    {
        Explore(name, bound, MemoryModel.TotalStoreOrder);
        Explore(name, bound, MemoryModel.ReleaseAcquire);
    }

    /// <summary>An exploration that never meets what is special about this writer proves little of it.</summary>
    [Fact]
    public void All_that_is_special_is_met()
    {
        string[] names = ["two writers, filling", "two writers, a lap", "a writer stops anywhere", "a writer moves"];
        Reached reached = Reached.None;
        foreach (string name in names)
        {
            using RingScenario scenario = Catalog.Make(name, writer: Writer);
            Check(scenario, 1);
            reached |= ((RestartableRules)scenario.Watch.Rules).Reached;
        }

        Assert.Equal(Enum.GetValues<Reached>().Aggregate((all, one) => all | one), reached);
    }

    private void Explore(string name, int bound, MemoryModel model = MemoryModel.Sequential) =>
        Explore(name, bound, bound, model);
}
