using RingTrace.Buffers;
using Xunit;

namespace RingTrace.Exploration.Tests;

/// <summary>
/// An exploration that cannot see a seeded mistake proves nothing: each must be caught, and again from its schedule.
/// </summary>
public class FaultTests(ITestOutputHelper output)
{
    public static TheoryData<string> Faults => [.. Enum.GetNames<Fault>()];

    [Theory]
    [MemberData(nameof(Faults))]
    public void The_fault_is_caught(string name)
    {
        Fault fault = Enum.Parse<Fault>(name);
        (string scenarioName, int bound, MemoryModel model) = PlaceOf(fault);
        using RingScenario scenario = Catalog.Make(scenarioName, fault, model);
        Budget budget = new() { Bound = bound, MaxTime = TimeSpan.FromSeconds(60) };
        Exploration found = Explorer.Exhaust(scenario, budget);
        string verdict = found.Failure is null ? "SURVIVES" : "caught";
        Summary.Add(output,
            $"fault {fault}: {scenario.Name}: {verdict} after {found.Schedules:n0} schedules, {found.Time.TotalMilliseconds:f0} ms: {found.Failure} [{found.FailingSchedule}]",
            found.Schedules);
        Assert.NotNull(found.Failure);

        using RingScenario again = Catalog.Make(scenarioName, fault, model);
        Assert.Equal(found.Failure, Explorer.Follow(again, found.FailingSchedule!).Failure);
    }

    private static (string Scenario, int Bound, MemoryModel Model) PlaceOf(Fault fault) => fault switch
    {
        Fault.NoTag => ("writer laps a reader", 2, MemoryModel.Sequential),
        Fault.NarrowTag => ("writer laps a tag", 2, MemoryModel.Sequential),
        Fault.PublishBeforeNoref => ("two writers, mixed", 2, MemoryModel.Sequential),
        Fault.NoElection => ("two writers, a lap", 2, MemoryModel.Sequential),
        Fault.NoWrapCheck => ("two writers, a lap", 2, MemoryModel.Sequential),
        Fault.NoPush => ("writer laps a reader", 2, MemoryModel.Sequential),
        Fault.NoMask => ("position wraps", 2, MemoryModel.Sequential),
        Fault.LapFromOnePastEnd => ("writer laps a reader", 2, MemoryModel.Sequential),
        Fault.NoRecheck => ("two writers, a lap", 2, MemoryModel.Sequential),
        Fault.EndTimeFromDeliverer => ("two writers, mixed", 2, MemoryModel.Sequential),
        Fault.PerLocationValue => ("writer laps a reader", 2, MemoryModel.Sequential),
        Fault.PutWithoutTag => ("writer laps a reader", 2, MemoryModel.Sequential),
        Fault.PeekWithoutRecheck => ("writer laps a copier", 2, MemoryModel.Sequential),
        Fault.RelaxedPublish => ("publish", 2, MemoryModel.ReleaseAcquire),
        Fault.ClockBeforeLoad => ("two writers, fitting", 2, MemoryModel.Sequential),
        Fault.BlindEnter => ("writer laps a reader", 2, MemoryModel.Sequential),
        Fault.ResolveBeforeEnter => ("reader keeps", 2, MemoryModel.Sequential),
        Fault.EndFieldsAfterCommit => ("two writers, mixed", 2, MemoryModel.Sequential),
        Fault.LossesFromDeliverer => ("two writers, losses", 2, MemoryModel.Sequential),
        Fault.ClaimFreedEarly => ("two readers, one spare", 2, MemoryModel.Sequential),
        Fault.NoHeaderCheck => ("copier beside a keeper", 2, MemoryModel.Sequential),
        Fault.NoFullCheck => ("discard, crossing", 2, MemoryModel.Sequential),
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, "Say where this fault is to be caught."),
    };
}
