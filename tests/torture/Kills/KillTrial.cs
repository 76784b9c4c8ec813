using System.Diagnostics;
using RingTrace.Attach;

namespace RingTrace.Torture.Kills;

/// <summary>One victim: started, killed, recovered, judged.</summary>
internal sealed class KillTrial(KillPlan plan, string folder)
{
    private const string Option = "--victim";

    /// <summary>What the trial came to.</summary>
    /// <param name="asksBabeltrace">Whether babeltrace2 reads the trace as well.</param>
    /// <exception cref="InvalidDataException">A rule is broken.</exception>
    public KillSums Run(bool asksBabeltrace)
    {
        using Progress progress = Progress.In(folder);
        using (Process victim = Start())
        {
            try
            {
                Kill(victim);
            }
            finally
            {
                victim.Kill();
                victim.WaitForExit();
            }
        }

        string trace = Path.Combine(folder, "trace");
        if (Recover(trace, progress) is not { } sums)
        {
            return new KillSums { Unmade = 1 };
        }

        if (!asksBabeltrace)
        {
            return sums;
        }

        long lines = Babeltrace(trace);
        return lines == sums.Recovered ? sums with { Judged = 1 }
            : throw new InvalidDataException($"babeltrace2 finds {lines} events, we {sums.Recovered}");
    }

    private Process Start()
    {
        ProcessStartInfo start = Itself.With(
            Option, folder, "--seed", $"{plan.Seed}", "--writer", TortureOptions.NameOf(plan.Writer));
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        return Process.Start(start)!;
    }

    private void Kill(Process victim)
    {
        Expect(victim, Victim.Begins);
        if (plan.Moment != KillMoment.Creating)
        {
            Expect(victim, Victim.Writes);
        }

        long started = Stopwatch.GetTimestamp();
        if (plan.Moment == KillMoment.Outside)
        {
            using CancellationTokenSource end = new(plan.Delay);
            Task reader = Task.Run(() => TakeSnapshots(victim.Id, end.Token));
            WaitFrom(started);
            victim.Kill();
            reader.GetAwaiter().GetResult();
        }
        else
        {
            WaitFrom(started);
            victim.Kill();
        }

        victim.WaitForExit();
    }

    /// <summary>Sleeps most of the time, and spins the rest: the moment of death is to be anywhere.</summary>
    private void WaitFrom(long started)
    {
        TimeSpan rest = plan.Delay - Stopwatch.GetElapsedTime(started) - TimeSpan.FromMilliseconds(2);
        if (rest > TimeSpan.Zero)
        {
            Thread.Sleep(rest);
        }

        while (Stopwatch.GetElapsedTime(started) < plan.Delay)
        {
            Thread.SpinWait(20);
        }
    }

    private static void Expect(Process victim, char what)
    {
        int said = victim.StandardOutput.Read();
        if (said != what)
        {
            throw new InvalidDataException($"the victim said {said}, not {what}");
        }
    }

    /// <summary>By exchange where the plan's seed is even, else by copies; while the victim dies.</summary>
    private void TakeSnapshots(int victim, CancellationToken end)
    {
        for (int i = 0; !end.IsCancellationRequested; i++)
        {
            foreach (FoundRecorder found in FindVictim().Where(found => found.ProcessId == victim))
            {
                string trace = Path.Combine(folder, $"outside{i}");
                using OutsideRecorder recorder = OutsideRecorder.Open(found, readOnly: plan.Seed % 2 != 0);
                recorder.Snapshot(trace, cancel: CancellationToken.None);
                Directory.Delete(trace, recursive: true);
            }
        }
    }

    /// <summary>Null when the rings were in the making.</summary>
    private KillSums? Recover(string trace, Progress progress)
    {
        FoundRecorder? found = FindVictim().SingleOrDefault();
        if (found is not { State: RecorderState.Dead })
        {
            bool isEarly = plan.Moment == KillMoment.Creating && progress[0] == 0;
            return isEarly && found is null or { State: RecorderState.Damaged }
                ? null : throw new InvalidDataException($"the victim's rings are {found?.State.ToString() ?? "not found"}: {found?.Problem}");
        }

        using OutsideRecorder recorder = OutsideRecorder.Open(found);
        recorder.Snapshot(trace);
        return KillJudge.Judge(plan, trace, progress, recorder.Statistics(), recorder.Recovery!);
    }

    private IEnumerable<FoundRecorder> FindVictim()
    {
        string rings = Victim.RingsIn(folder);
        return RecorderFinder.Find(rings).Where(found => Path.GetDirectoryName(found.RingPath) == rings);
    }

    private static long Babeltrace(string trace)
    {
        ProcessStartInfo start = new("babeltrace2", [trace]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process judge = Process.Start(start)!;
        Task<string> errors = judge.StandardError.ReadToEndAsync();
        long lines = 0;
        while (judge.StandardOutput.ReadLine() is not null)
        {
            lines++;
        }

        judge.WaitForExit();
        return judge.ExitCode == 0 ? lines : throw new InvalidDataException($"babeltrace2: {errors.Result.Trim()}");
    }
}
