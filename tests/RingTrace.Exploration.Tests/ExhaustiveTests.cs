using RingTrace.Buffers;
using Xunit;

namespace RingTrace.Exploration.Tests;

/// <summary>
/// Every interleaving of tiny rings, up to a number of preemptions. The promises are the same whoever writes: each
/// group of them is explored with both writers, and a row says the bound for the classic one, then for the restartable.
/// </summary>
public abstract class ExhaustiveTests(ITestOutputHelper output, WriterKind writer)
{
    private protected WriterKind Writer { get; } = writer;

    private protected string Named(string name) => Catalog.NameOf(name, Writer);

    private protected void Explore(
        string name, int classic, int restartable, MemoryModel model = MemoryModel.Sequential)
    {
        using RingScenario scenario = Catalog.Make(name, model: model, writer: Writer);
        Check(scenario, Writer == WriterKind.Classic ? classic : restartable);
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
public abstract class WriterTests(ITestOutputHelper output, WriterKind writer) : ExhaustiveTests(output, writer)
{
    [Theory]
    [InlineData("two writers, fitting", 2, 2)]
    [InlineData("two writers, crossing", 2, 2)]
    [InlineData("two writers, filling", 2, 2)]
    [InlineData("two writers, mixed", 2, 3)]
    [InlineData("two writers, too big", 2, 2)]
    [InlineData("two writers, a lap", 3, 3)]
    [InlineData("two writers, losses", 3, 3)]
    [InlineData("three writers", 3, 3)]
    [InlineData("three writers and a reader", 2, 2)]
    public void Every_record_is_kept_whole_in_order_and_on_time(string name, int classic, int restartable) =>
        Explore(name, classic, restartable);

    [Theory]
    [InlineData("position wraps", 2, 2)]
    [InlineData("position wraps, discard", 2, 2)]
    public void Positions_may_wrap(string name, int classic, int restartable) =>
        Explore(name, classic, restartable);

    [Theory]
    [InlineData("discard, crossing", 2, 2)]
    [InlineData("discard, filling", 2, 2)]
    [InlineData("discard, nobody reads", 3, 3)]
    [InlineData("discard, two consumers", 3, 3)]
    public void A_full_ring_drops_the_newest_and_nothing_else(string name, int classic, int restartable) =>
        Explore(name, classic, restartable);
}

public sealed class ClassicWriterTests(ITestOutputHelper output) : WriterTests(output, WriterKind.Classic);

public sealed class RestartableWriterTests(ITestOutputHelper output) : WriterTests(output, WriterKind.Restartable);

/// <summary>Readers against writers, and against each other.</summary>
public abstract class ReaderTests(ITestOutputHelper output, WriterKind writer) : ExhaustiveTests(output, writer)
{
    [Theory]
    [InlineData("writer laps a reader", 3, 3)]
    [InlineData("writer laps a reader twice over", 3, 3)]
    [InlineData("writer laps a copier", 3, 3)]
    [InlineData("writer laps who may only read", 3, 3)]
    [InlineData("reader keeps", 2, 2)]
    public void What_is_read_is_the_lap_that_was_asked_for(string name, int classic, int restartable) =>
        Explore(name, classic, restartable);

    [Theory]
    [InlineData("two readers, one spare", 2, 2)]
    [InlineData("two readers, two spares", 2, 2)]
    [InlineData("reader and copier", 2, 2)]
    [InlineData("copier beside a keeper", 2, 2)]
    [InlineData("who may only read beside a keeper", 2, 2)]
    [InlineData("who may only read beside a consumer", 2, 2)]
    public void Readers_do_not_disturb_each_other(string name, int classic, int restartable) =>
        Explore(name, classic, restartable);

    [Theory]
    [InlineData("a live reader is not taken over", 3, 3)]
    public void Only_the_dead_are_taken_over(string name, int classic, int restartable) =>
        Explore(name, classic, restartable);
}

public sealed class ClassicReaderTests(ITestOutputHelper output) : ReaderTests(output, WriterKind.Classic);

public sealed class RestartableReaderTests(ITestOutputHelper output) : ReaderTests(output, WriterKind.Restartable);

/// <summary>Threads that stop for ever before any of their steps.</summary>
public abstract class DeathTests(ITestOutputHelper output, WriterKind writer) : ExhaustiveTests(output, writer)
{
    [Theory]
    [InlineData("a writer dies", 1, 1)]
    [InlineData("a writer dies, discard", 1, 1)]
    public void A_dead_writer_stops_nobody(string name, int classic, int restartable) =>
        Explore(name, classic, restartable);

    [Theory]
    [InlineData("a reader dies", 1, 1)]
    [InlineData("a reader dies, one spare", 1, 1)]
    public void What_a_dead_reader_held_is_found_again(string name, int classic, int restartable) =>
        Explore(name, classic, restartable);
}

public sealed class ClassicDeathTests(ITestOutputHelper output) : DeathTests(output, WriterKind.Classic);

public sealed class RestartableDeathTests(ITestOutputHelper output) : DeathTests(output, WriterKind.Restartable);

/// <summary>Machines on which writes are seen late or out of order.</summary>
public abstract class MemoryModelTests(ITestOutputHelper output, WriterKind writer) : ExhaustiveTests(output, writer)
{
    [Theory]
    [InlineData("publish", 2, 2)]
    [InlineData("publish to copiers", 2, 2)]
    [InlineData("two writers, mixed", 2, 2)]
    [InlineData("two writers, a lap", 2, 2)]
    [InlineData("writer laps a reader", 2, 2)]
    [InlineData("writer laps a copier", 2, 2)]
    [InlineData("two readers, one spare", 2, 2)]
    [InlineData("two readers, two spares", 2, 1)]
    [InlineData("discard, crossing", 2, 2)]
    [InlineData("a reader dies", 1, 1)]
    public void No_barrier_is_missing(string name, int classic, int restartable)
    {
        Explore(name, classic, restartable, MemoryModel.TotalStoreOrder);
        Explore(name, classic, restartable, MemoryModel.ReleaseAcquire);
    }
}

public sealed class ClassicMemoryModelTests(ITestOutputHelper output) : MemoryModelTests(output, WriterKind.Classic);

public sealed class RestartableMemoryModelTests(ITestOutputHelper output)
    : MemoryModelTests(output, WriterKind.Restartable);

/// <summary>Larger rings under random schedules.</summary>
public abstract class RandomTests(ITestOutputHelper output, WriterKind writer)
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
    public void Larger_rings_keep_what_must_hold(string name, string model) => Sample(name, model);

    private protected void Sample(string name, string model)
    {
        ulong seed = (ulong)Environment.TickCount64;
        using RingScenario scenario = Catalog.Make(name, model: Enum.Parse<MemoryModel>(model), writer: writer);
        Budget budget = new() { MaxSchedules = Summary.IsFull ? 1_000_000 : 5_000, Seed = seed };
        Exploration found = Explorer.Sample(scenario, budget, depth: 6);
        Summary.Add(output, found);
        Assert.True(found.Failure is null, $"seed {seed}: {found}");
    }
}

public sealed class ClassicRandomTests(ITestOutputHelper output) : RandomTests(output, WriterKind.Classic);

public sealed class RestartableRandomTests(ITestOutputHelper output) : RandomTests(output, WriterKind.Restartable)
{
    [Theory]
    [InlineData("large, moving", "Sequential")]
    [InlineData("large, moving", "TotalStoreOrder")]
    public void Larger_rings_keep_it_when_threads_move_too(string name, string model) => Sample(name, model);
}
