namespace RingTrace.Torture.Kills;

/// <summary>The process that is killed: threads that write events, and say after each that it is written.</summary>
internal static class Victim
{
    /// <summary>Written to standard output: the rings are about to be made, and are made.</summary>
    public const char Begins = 'b', Writes = 'w';

    /// <summary>Where the rings are, in the folder of the trial.</summary>
    public static string RingsIn(string folder) => Path.Combine(folder, "rings");

    /// <summary>Kills itself when the parent ends, should that not kill it.</summary>
    public static int Run(string folder, KillPlan plan)
    {
        Progress progress = Progress.In(folder);
        Say(Begins);
        FlightRecorder recorder = FlightRecorder.Start(new FlightRecorderOptions
        {
            Name = "victim",
            Directory = RingsIn(folder),
            BindAllProviders = false,
            Writer = plan.Writer,
            Channels =
            [
                new() { SubBufferSize = plan.SubBufferSize, SubBufferCount = plan.SubBufferCount, SpareCount = plan.Spares },
            ],
        });
        recorder.Add(TortureEvents.Provider);
        for (int thread = 0; thread < KillPlan.Threads; thread++)
        {
            int number = thread;
            new Thread(() => Write(number, plan, progress)) { IsBackground = true }.Start();
        }

        if (plan.Moment == KillMoment.Snapshot)
        {
            new Thread(() => TakeSnapshots(recorder, Path.Combine(folder, "own"))) { IsBackground = true }.Start();
        }

        Say(Writes);
        Console.In.Read();
        Itself.Kill();
        return TortureRun.Violated;
    }

    private static void Say(char what)
    {
        Console.Out.Write(what);
        Console.Out.Flush();
    }

    private static void Write(int thread, KillPlan plan, Progress progress)
    {
        if (plan.IsPinned)
        {
            Affinity.PinTo(thread);
        }

        for (long number = 0; number < plan.Most; number++)
        {
            Beats.Emit(thread, number);
            progress[thread] = number + 1;
        }
    }

    private static void TakeSnapshots(FlightRecorder recorder, string folder)
    {
        for (int i = 0; ; i++)
        {
            recorder.Snapshot(Path.Combine(folder, $"{i}"));
        }
    }
}
