using System.Diagnostics;
using RingTrace.Buffers;

namespace RingTrace.Torture;

/// <summary>What the command line asks for.</summary>
internal sealed record TortureOptions(double Minutes, int Seed, string Writer, Fault? Fault)
{
    /// <summary>The names of writers on the command line, each with what it stands for.</summary>
    public static readonly IReadOnlyDictionary<string, WriterKind[]> Names = new Dictionary<string, WriterKind[]>
    {
        ["classic"] = [WriterKind.Classic],
        ["rseq"] = [WriterKind.Restartable],
        ["both"] = [WriterKind.Classic, WriterKind.Restartable],
    };

    /// <summary>Who writes, round by round.</summary>
    public IReadOnlyList<WriterKind> Writers => Names[Writer];

    public static string NameOf(WriterKind writer) => writer == WriterKind.Classic ? "classic" : "rseq";
}

/// <summary>
/// Rounds until the time is over or a violation is seen. Round i of seed s is round 0 of seed s + i, so every round
/// can be repeated alone.
/// </summary>
internal sealed class TortureRun(TortureOptions options, TextWriter output)
{
    /// <summary>Exit codes; 2 is the command line's own.</summary>
    public const int Passed = 0;
    public const int Violated = 1;
    public const int Inconclusive = 3;

    /// <summary>Rounds of the restartable writer for so long must have seen it restart.</summary>
    private const double RestartsWithin = 30;

    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ControlTime = TimeSpan.FromSeconds(15);

    /// <summary>Faults that must be seen, or nothing that is not seen means anything.</summary>
    private static readonly (WriterKind Writer, Fault Fault)[] Controls =
    [
        (WriterKind.Classic, Fault.PutWithoutTag),
        (WriterKind.Classic, Fault.EndTimeFromDeliverer),
        (WriterKind.Restartable, Fault.PutWithoutTag),
        (WriterKind.Restartable, Fault.NoEndAtExactFill),
    ];

    private readonly RoundResult _sum = new();
    private readonly Stopwatch _watch = new();
    private int _rounds;
    private int _recorderRounds;
    private int _regionRounds;
    private double _restartableSeconds;
    private int _inconclusiveRounds;
    private int _pauses;

    public int Run()
    {
        output.WriteLine($"torture: writer {options.Writer}, seed {options.Seed}, {options.Minutes} min, "
            + $"{Environment.ProcessorCount} cores, server GC {System.Runtime.GCSettings.IsServerGC}"
            + (options.Fault is { } fault ? $", fault {fault}" : ""));
        _watch.Start();
        return options.Fault is { } seeded ? RunWithFault(seeded)
            : IsDetectorBlind() ? RefuseBlind()
            : RunSound();
    }

    private int RunSound()
    {
        string? repeat = null;
        for (int i = 0; IsTimeLeft() && repeat is null; i++)
        {
            repeat = RunRound<TortureMachine<NoFault>>(RoundPlan.Draw(options.Seed + i, WriterOf(i)), RoundTime);
        }

        return Conclude(repeat);
    }

    private int RunWithFault(Fault fault)
    {
        SeededFault.Seeded = fault;
        string? repeat = null;
        for (int i = 0; IsTimeLeft() && repeat is null; i++)
        {
            repeat = RunRound<TortureMachine<SeededFault>>(RoundPlan.ForFault(options.Seed + i, WriterOf(i)), RoundTime);
        }

        return Conclude(repeat is null ? null : repeat + $" --fault {fault}");
    }

    /// <summary>The positive control: rounds with a seeded fault must fail.</summary>
    private bool IsDetectorBlind()
    {
        foreach ((WriterKind writer, Fault fault) in Controls.Where(control => options.Writers.Contains(control.Writer)))
        {
            SeededFault.Seeded = fault;
            long started = _watch.ElapsedMilliseconds;
            bool isSeen = false;
            for (int i = 0; !isSeen && _watch.ElapsedMilliseconds - started < ControlTime.TotalMilliseconds; i++)
            {
                using RingRound<TortureMachine<SeededFault>> round =
                    new(RoundPlan.ForControl(options.Seed + i, writer), RoundTime);
                isSeen = round.Run().IsViolated;
            }

            output.WriteLine($"control: {writer} {fault} {(isSeen ? "seen" : "NOT seen")} after "
                + $"{_watch.ElapsedMilliseconds - started} ms");
            if (!isSeen)
            {
                return true;
            }
        }

        return false;
    }

    private int RefuseBlind()
    {
        output.WriteLine("torture: THE DETECTOR IS BLIND: a seeded fault went unseen, so a pass would mean nothing");
        return Inconclusive;
    }

    /// <summary>Null when the round passed, else the options that repeat it.</summary>
    private string? RunRound<TMachine>(RoundPlan plan, TimeSpan time) where TMachine : struct, IMachine
    {
        int collections = GC.CollectionCount(0);
        RoundResult result;
        double started = _watch.Elapsed.TotalSeconds;
        if (plan.Kind == RoundKind.Recorder)
        {
            result = new RecorderRound(plan, time).Run();
            _recorderRounds++;
        }
        else if (plan.Kind == RoundKind.Region)
        {
            result = new RegionRound(plan, time).Run();
            _regionRounds++;
        }
        else
        {
            using RingRound<TMachine> round = new(plan, time);
            result = round.Run();
            _inconclusiveRounds += result.SawContention ? 0 : 1;
        }

        _pauses += GC.CollectionCount(0) - collections;
        _rounds++;
        _restartableSeconds += plan.Writer == WriterKind.Restartable ? _watch.Elapsed.TotalSeconds - started : 0;
        _sum.Add(result);
        output.WriteLine($"{_watch.Elapsed.TotalSeconds,5:F0} s  seed {plan.Seed}: {plan}: {result.Emitted} events, "
            + $"{result.Packets} packets read, lost cas {result.WritersLost} + {result.ReadersLost}, "
            + $"refused {result.Refused}, wrap {result.LostWrap}, full {result.LostFull}, dead {result.Deaths}"
            + (plan.Writer == WriterKind.Restartable ? $", restarts {result.Restarts}" : ""));
        if (!result.IsViolated)
        {
            return null;
        }

        foreach (string violation in result.Violations)
        {
            _sum.Violate(violation);
            output.WriteLine($"VIOLATION: {violation}");
        }

        return $"--seed {plan.Seed} --minutes 0.1 --writer {TortureOptions.NameOf(plan.Writer)}";
    }

    private void WriteStorm()
    {
        output.WriteLine($"restartable: {_restartableSeconds:F0} s, {_sum.Restarts} restarts; sections not "
            + $"entered: {_sum.Stale} W had moved, {_sum.OtherCpu} on another CPU; {_sum.Crossings} records across CPUs");
        output.WriteLine($"storm: {_sum.Signals} signals, their handlers wrote {_sum.HandlerRecords} records and left alone "
            + $"{_sum.HandlersPassed}; {_sum.Moves} moves, {_sum.Forks} forks, "
            + (RealTime.IsPossible ? $"{_sum.Naps} naps of real-time threads" : "no real-time priority: it is refused here"));
    }

    /// <summary>In turn, where both write.</summary>
    private WriterKind WriterOf(int round) => options.Writers[(options.Seed + round) % options.Writers.Count];

    private bool IsTimeLeft() => _watch.Elapsed.TotalMinutes < options.Minutes;

    private int Conclude(string? repeat)
    {
        output.WriteLine();
        output.WriteLine($"writer: {options.Writer}");
        output.WriteLine($"seeds: {options.Seed} to {options.Seed + Math.Max(0, _rounds - 1)}");
        output.WriteLine($"seconds: {_watch.Elapsed.TotalSeconds:F0}");
        output.WriteLine($"rounds: {_rounds}, {_recorderRounds} of them through the recorder, {_regionRounds} on a region, "
            + $"{_inconclusiveRounds} without contention");
        output.WriteLine($"events: {_sum.Emitted} emitted, {_sum.Recorded} recorded");
        output.WriteLine($"lost: {_sum.LostFull} full, {_sum.LostWrap} wrap, {_sum.LostRestart} restart, {_sum.LostOther} other");
        output.WriteLine($"read: {_sum.Packets} packets, {_sum.Records} records, in {_sum.Passes} passes "
            + $"and {_sum.Snapshots} snapshots");
        output.WriteLine($"contention: {_sum.WritersLost} CAS lost by writers, {_sum.ReadersLost} by readers, "
            + $"{_sum.Refused} gets refused, {_sum.CopiesLost} copies given up");
        output.WriteLine($"readers: {_sum.Deaths} died, {_sum.TakeOvers} seats taken over");
        output.WriteLine($"collections: {_pauses}");
        if (options.Writers.Contains(WriterKind.Restartable))
        {
            WriteStorm();
        }

        output.WriteLine($"violations: {_sum.Violations.Count}");
        if (repeat is not null)
        {
            output.WriteLine($"repeat: {repeat}");
            output.WriteLine($"torture: VIOLATION, {_sum.Emitted} events, {_sum.Snapshots} snapshots, "
                + $"{_sum.Violations.Count} violations");
            return Violated;
        }

        if (_restartableSeconds >= RestartsWithin && _sum.Restarts == 0)
        {
            output.WriteLine("torture: INCONCLUSIVE, nothing was interrupted: this proves nothing");
            return Inconclusive;
        }

        if (_sum.WritersLost + _sum.Stale == 0 || _sum.ReadersLost == 0 || _sum.Refused == 0)
        {
            output.WriteLine("torture: INCONCLUSIVE, the wished-for contention never happened");
            return Inconclusive;
        }

        output.WriteLine($"torture: OK, {_sum.Emitted} events, {_sum.Snapshots} snapshots, 0 violations");
        return Passed;
    }
}
