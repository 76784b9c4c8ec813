using Xunit;

namespace RingTrace.Exploration.Tests;

/// <summary>Every interleaving of tiny rings, up to a number of preemptions.</summary>
public abstract class ExhaustiveTests(ITestOutputHelper output)
{
    private protected void Explore(string name, int bound, MemoryModel model = MemoryModel.Sequential)
    {
        using RingScenario scenario = Catalog.Make(name, model: model);
        Check(scenario, bound);
    }

    private protected void Check(RingScenario scenario, int bound)
    {
        Exploration found = Explorer.Exhaust(scenario, new Budget { Bound = Summary.IsFull ? bound + 1 : bound });
        Summary.Add(output, found);
        Assert.True(found.Failure is null, found.ToString());
        Assert.True(found.IsExhaustive, found.ToString());
    }
}

/// <summary>Two and three writers at the borders of sub-buffers.</summary>
public sealed class WriterTests(ITestOutputHelper output) : ExhaustiveTests(output)
{
    [Theory]
    [InlineData("two writers, fitting", 2)]
    [InlineData("two writers, crossing", 2)]
    [InlineData("two writers, filling", 2)]
    [InlineData("two writers, mixed", 2)]
    [InlineData("two writers, too big", 2)]
    [InlineData("two writers, a lap", 3)]
    [InlineData("two writers, losses", 3)]
    [InlineData("three writers", 3)]
    [InlineData("three writers and a reader", 2)]
    public void Every_record_is_kept_whole_in_order_and_on_time(string name, int bound) => Explore(name, bound);

    [Theory]
    [InlineData("position wraps", 2)]
    [InlineData("position wraps, discard", 2)]
    public void Positions_may_wrap(string name, int bound) => Explore(name, bound);

    [Theory]
    [InlineData("discard, crossing", 2)]
    [InlineData("discard, filling", 2)]
    [InlineData("discard, nobody reads", 3)]
    [InlineData("discard, two consumers", 3)]
    public void A_full_ring_drops_the_newest_and_nothing_else(string name, int bound) => Explore(name, bound);
}

/// <summary>Readers against writers, and against each other.</summary>
public sealed class ReaderTests(ITestOutputHelper output) : ExhaustiveTests(output)
{
    [Theory]
    [InlineData("writer laps a reader", 3)]
    [InlineData("writer laps a reader twice over", 3)]
    [InlineData("writer laps a copier", 3)]
    [InlineData("reader keeps", 2)]
    public void What_is_read_is_the_lap_that_was_asked_for(string name, int bound) => Explore(name, bound);

    [Theory]
    [InlineData("two readers, one spare", 2)]
    [InlineData("two readers, two spares", 2)]
    [InlineData("reader and copier", 2)]
    [InlineData("copier beside a keeper", 2)]
    public void Readers_do_not_disturb_each_other(string name, int bound) => Explore(name, bound);

    [Theory]
    [InlineData("a live reader is not taken over", 3)]
    public void Only_the_dead_are_taken_over(string name, int bound) => Explore(name, bound);
}

/// <summary>Threads that stop for ever before any of their steps.</summary>
public sealed class DeathTests(ITestOutputHelper output) : ExhaustiveTests(output)
{
    [Theory]
    [InlineData("a writer dies", 1)]
    [InlineData("a writer dies, discard", 1)]
    public void A_dead_writer_stops_nobody(string name, int bound) => Explore(name, bound);

    [Theory]
    [InlineData("a reader dies", 1)]
    [InlineData("a reader dies, one spare", 1)]
    public void What_a_dead_reader_held_is_found_again(string name, int bound) => Explore(name, bound);
}

/// <summary>Machines on which writes are seen late or out of order.</summary>
public sealed class MemoryModelTests(ITestOutputHelper output) : ExhaustiveTests(output)
{
    [Theory]
    [InlineData("publish", 2)]
    [InlineData("publish to copiers", 2)]
    [InlineData("two writers, mixed", 2)]
    [InlineData("two writers, a lap", 2)]
    [InlineData("writer laps a reader", 2)]
    [InlineData("writer laps a copier", 2)]
    [InlineData("two readers, one spare", 2)]
    [InlineData("two readers, two spares", 2)]
    [InlineData("discard, crossing", 2)]
    [InlineData("a reader dies", 1)]
    public void No_barrier_is_missing(string name, int bound)
    {
        Explore(name, bound, MemoryModel.TotalStoreOrder);
        Explore(name, bound, MemoryModel.ReleaseAcquire);
    }
}

/// <summary>Larger rings under random schedules.</summary>
public sealed class RandomTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("large", "Sequential")]
    [InlineData("large", "ReleaseAcquire")]
    [InlineData("large, wrapping", "Sequential")]
    [InlineData("large, wrapping", "TotalStoreOrder")]
    [InlineData("large, discard", "Sequential")]
    [InlineData("large, discard", "ReleaseAcquire")]
    [InlineData("large, deaths", "Sequential")]
    [InlineData("large, deaths", "ReleaseAcquire")]
    public void Larger_rings_keep_what_must_hold(string name, string model)
    {
        ulong seed = (ulong)Environment.TickCount64;
        using RingScenario scenario = Catalog.Make(name, model: Enum.Parse<MemoryModel>(model));
        Budget budget = new() { MaxSchedules = Summary.IsFull ? 1_000_000 : 5_000, Seed = seed };
        Exploration found = Explorer.Sample(scenario, budget, depth: 6);
        Summary.Add(output, found);
        Assert.True(found.Failure is null, $"seed {seed}: {found}");
    }
}
