using RingTrace.Buffers;
using Xunit;

namespace RingTrace.Exploration.Tests;

/// <summary>
/// An exploration that cannot see a seeded mistake proves nothing: each must be caught, and again from its schedule.
/// </summary>
public class FaultTests(ITestOutputHelper output)
{
    /// <summary>Where a fault is to be caught.</summary>
    private readonly record struct Place(string Scenario, int Bound = 2, MemoryModel Model = MemoryModel.Sequential);

    public static TheoryData<string> OfClassic => [.. Named<Fault>(f => PlaceInClassic(f) is not null)];

    public static TheoryData<string> OfRestartable => [.. Named<Fault>(f => PlaceInRestartable(f) is not null)];

    public static TheoryData<string> OfPrimitive => [.. Enum.GetNames<Mistake>()];

    [Fact]
    public void Every_fault_has_its_place() =>
        Assert.Empty(Named<Fault>(f => PlaceInClassic(f) is null && PlaceInRestartable(f) is null));

    [Theory]
    [MemberData(nameof(OfClassic))]
    public void The_fault_is_caught(string name)
    {
        Fault fault = Enum.Parse<Fault>(name);
        Place place = PlaceInClassic(fault)!.Value;
        Catch($"fault {name}", place, () => Catalog.Make(place.Scenario, fault, place.Model));
    }

    [Theory]
    [MemberData(nameof(OfRestartable))]
    public void The_fault_is_caught_with_the_restartable_writer(string name)
    {
        Fault fault = Enum.Parse<Fault>(name);
        Place place = PlaceInRestartable(fault)!.Value;
        Catch($"fault {name}", place,
            () => Catalog.Make(place.Scenario, fault, place.Model, WriterKind.Restartable));
    }

    [Theory]
    [MemberData(nameof(OfPrimitive))]
    public void The_mistake_of_the_primitive_is_caught(string name)
    {
        Mistake mistake = Enum.Parse<Mistake>(name);
        Place place = new(mistake == Mistake.NoLookAtCpu ? "a writer moves" : "two writers, mixed");
        Catch($"mistake {name}", place,
            () => Catalog.Make(place.Scenario, writer: WriterKind.Restartable, mistake: mistake));
    }

    private void Catch(string what, Place place, Func<RingScenario> make)
    {
        using RingScenario scenario = make();
        Budget budget = new() { Bound = place.Bound, MaxTime = TimeSpan.FromSeconds(60) };
        Exploration found = Explorer.Exhaust(scenario, budget);
        string verdict = found.Failure is null ? "SURVIVES" : "caught";
        Summary.Add(output,
            $"{what}: {scenario.Name}: {verdict} after {found.Schedules:n0} schedules,"
                + $" {found.Time.TotalMilliseconds:f0} ms: {found.Failure} [{found.FailingSchedule}]",
            found.Schedules);
        Assert.NotNull(found.Failure);

        using RingScenario again = make();
        Assert.Equal(found.Failure, Explorer.Follow(again, found.FailingSchedule!).Failure);
    }

    private static IEnumerable<string> Named<T>(Func<T, bool> isWanted) where T : struct, Enum =>
        Enum.GetValues<T>().Where(isWanted).Select(f => f.ToString());

    private static Place? PlaceInClassic(Fault fault) => fault switch
    {
        Fault.NoTag => new("writer laps a reader"),
        Fault.NarrowTag => new("writer laps a tag"),
        Fault.PublishBeforeNoref => new("two writers, mixed"),
        Fault.NoElection => new("two writers, a lap"),
        Fault.NoWrapCheck => new("two writers, a lap"),
        Fault.NoPush => new("writer laps a reader"),
        Fault.NoMask => new("position wraps"),
        Fault.LapFromOnePastEnd => new("writer laps a reader"),
        Fault.NoRecheck => new("two writers, a lap"),
        Fault.EndTimeFromDeliverer => new("two writers, mixed"),
        Fault.PerLocationValue => new("writer laps a reader"),
        Fault.PutWithoutTag => new("writer laps a reader"),
        Fault.PeekWithoutRecheck => new("writer laps a copier"),
        Fault.NoLookAfterCopy => new("writer laps who may only read"),
        Fault.RelaxedPublish => new("publish", Model: MemoryModel.ReleaseAcquire),
        Fault.ClockBeforeLoad => new("two writers, fitting"),
        Fault.BlindEnter => new("writer laps a reader"),
        Fault.ResolveBeforeEnter => new("reader keeps"),
        Fault.EndFieldsAfterCommit => new("two writers, mixed"),
        Fault.LossesFromDeliverer => new("two writers, losses"),
        Fault.ClaimFreedEarly => new("two readers, one spare"),
        Fault.NoHeaderCheck => new("copier beside a keeper"),
        Fault.NoFullCheck => new("discard, crossing"),
        _ => null,
    };

    /// <summary>Without those of counters and of the push, which this writer does not have.</summary>
    private static Place? PlaceInRestartable(Fault fault) => fault switch
    {
        Fault.NoTag => new("writer laps a reader"),
        Fault.NarrowTag => new("writer laps a tag"),
        Fault.PerLocationValue => new("writer laps a reader"),
        Fault.PutWithoutTag => new("writer laps a reader"),
        Fault.PeekWithoutRecheck => new("writer laps a copier"),
        Fault.NoLookAfterCopy => new("writer laps who may only read"),
        Fault.RelaxedPublish => new("publish", Model: MemoryModel.ReleaseAcquire),
        Fault.ClockBeforeLoad => new("two writers, fitting"),
        Fault.BlindEnter => new("writer laps a reader"),
        Fault.ResolveBeforeEnter => new("reader keeps"),
        Fault.ClaimFreedEarly => new("two readers, one spare"),
        Fault.NoHeaderCheck => new("copier beside a keeper"),
        Fault.NoFullCheck => new("discard, crossing"),
        Fault.NoEndAtExactFill => new("two writers, filling"),
        Fault.NoHelpOfNext => new("two writers, a lap"),
        Fault.RoomAfterEnter => new("discard, crossing"),
        Fault.DeliverBeforePublish => new("two writers, mixed"),
        Fault.PlainDeliver => new("two readers, two spares"),
        Fault.HelpBeforeEnd => new("writer laps a reader"),
        _ => null,
    };
}
