using System.Diagnostics;

namespace RingTrace.Exploration;

/// <summary>What was asked of an exploration.</summary>
internal sealed record Budget
{
    /// <summary>Preemptions a schedule may have.</summary>
    public int Bound { get; init; } = 2;

    /// <summary>Schedules after which an exploration stops, explored or not.</summary>
    public long MaxSchedules { get; init; } = long.MaxValue;

    public TimeSpan MaxTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Where random schedules begin.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Random runs before the exhaustive ones, to learn which memory is shared at all.</summary>
    public int LearningRuns { get; init; } = 200;

    /// <summary>Whether a run ends at a state that was explored; only tests of the explorer say no.</summary>
    public bool Remembers { get; init; } = true;

    /// <summary>Two to this power of states are remembered.</summary>
    public int SeenShift { get; init; } = 21;
}

/// <summary>What an exploration found.</summary>
internal sealed record Exploration
{
    public required string Scenario { get; init; }

    /// <summary>Schedules run, each different from all others.</summary>
    public required long Schedules { get; init; }

    /// <summary>Of those, cut short where they came to a state that was explored before.</summary>
    public required long Cut { get; init; }

    public required long Steps { get; init; }

    public required string Bound { get; init; }

    public required TimeSpan Time { get; init; }

    /// <summary>Every schedule within the bound was explored.</summary>
    public required bool IsExhaustive { get; init; }

    /// <summary>The different states in which runs came to their end.</summary>
    public IReadOnlySet<ulong> Ends { get; init; } = new HashSet<ulong>();

    /// <summary>What did not hold; null when all did.</summary>
    public string? Failure { get; init; }

    /// <summary>The schedule under which it did not.</summary>
    public string? FailingSchedule { get; init; }

    public override string ToString() =>
        $"scenario {Scenario}: {Schedules:n0} schedules ({Cut:n0} cut as seen), {Bound}, "
        + $"{(IsExhaustive ? "all" : "not all")}, {Time.TotalSeconds:f1} s"
        + (Failure is null ? "" : $"\n  FAILED: {Failure}\n  schedule: {FailingSchedule}");
}

/// <summary>Runs a scenario under many schedules.</summary>
internal static class Explorer
{
    /// <summary>Every schedule with at most the budget's preemptions.</summary>
    public static Exploration Exhaust(Scenario scenario, Budget budget) => OnOwnThread(scenario, run =>
    {
        Stopwatch watch = Stopwatch.StartNew();
        SeenStates seen = new(budget.SeenShift);
        DepthFirst chooser = new(budget.Remembers ? seen : null);
        HashSet<ulong> ends = [];
        RandomPriorities learner = new(budget.Seed, 4);
        run.Bound = int.MaxValue;
        for (int i = 0; i < budget.LearningRuns; i++)
        {
            learner.Begin(run.Steps);
            run.Go(learner);
            if (run.Failure is not null)
            {
                return Result(run, budget, i + 1, 0, 0, watch, false);
            }
        }

        run.Bound = budget.Bound;
        run.HasLearned = false;
        long schedules = 0;
        long cut = 0;
        long steps = 0;
        bool isExhaustive = false;
        while (schedules < budget.MaxSchedules && watch.Elapsed < budget.MaxTime)
        {
            chooser.Begin();
            run.Go(chooser);
            schedules++;
            cut += run.IsCut ? 1 : 0;
            steps += run.Steps;
            if (run.Failure is not null)
            {
                break;
            }

            if (!run.IsCut)
            {
                ends.Add(run.State);
            }

            if (run.HasLearned)
            {
                run.HasLearned = false;
                seen.Clear();
                chooser.Restart();
                ends.Clear();
                schedules = cut = 0;
            }
            else if (!chooser.Advance())
            {
                isExhaustive = true;
                break;
            }
        }

        return Result(run, budget, schedules, cut, steps, watch, isExhaustive) with { Ends = ends };
    });

    /// <summary>Random schedules; only distinct ones are counted.</summary>
    public static Exploration Sample(Scenario scenario, Budget budget, int depth) => OnOwnThread(scenario, run =>
    {
        Stopwatch watch = Stopwatch.StartNew();
        HashSet<ulong> distinct = [];
        RandomPriorities chooser = new(budget.Seed, depth);
        run.Bound = int.MaxValue;
        long steps = 0;
        for (long i = 0; i < budget.MaxSchedules && watch.Elapsed < budget.MaxTime; i++)
        {
            chooser.Begin(run.Steps);
            run.Go(chooser);
            steps += run.Steps;
            distinct.Add(run.Histories);
            if (run.Failure is not null)
            {
                break;
            }
        }

        return Result(run, budget with { Bound = depth }, distinct.Count, 0, steps, watch, false, "random, depth");
    });

    /// <summary>One run under a written schedule.</summary>
    public static Exploration Follow(Scenario scenario, string schedule) => OnOwnThread(scenario, run =>
    {
        Stopwatch watch = Stopwatch.StartNew();
        Replay replay = new(Schedule.Parse(schedule, scenario.Threads));
        run.Bound = int.MaxValue;
        run.Go(replay);
        if (run.Failure is null && !replay.IsComplete)
        {
            run.Report("the schedule does not fit this scenario");
        }

        return Result(run, new Budget(), 1, 0, run.Steps, watch, false);
    });

    private static Exploration Result(
        Run run, Budget budget, long schedules, long cut, long steps, Stopwatch watch, bool isExhaustive,
        string bound = "bound") => new()
        {
            Scenario = run.Scenario.Name,
            Schedules = schedules,
            Cut = cut,
            Steps = steps,
            Bound = $"{bound} {budget.Bound}",
            Time = watch.Elapsed,
            IsExhaustive = isExhaustive,
            Failure = run.Failure,
            FailingSchedule = run.Failure is null ? null : run.ScheduleText,
        };

    private static Exploration OnOwnThread(Scenario scenario, Func<Run, Exploration> explore)
    {
        Exploration? result = null;
        Exception? thrown = null;
        int cpu = Affinity.Next();
        Thread thread = new(() =>
        {
            Affinity.Pin(cpu);
            using Run run = new(scenario, cpu);
            try
            {
                result = explore(run);
            }
#pragma warning disable CA1031 // Thrown again on the caller's thread.
            catch (Exception e)
#pragma warning restore CA1031
            {
                thrown = e;
            }
        });
        thread.Start();
        thread.Join();
        return result ?? throw new InvalidOperationException("The exploration itself failed.", thrown);
    }
}
