using System.CommandLine;
using RingTrace.Benchmarks.Compare;

namespace RingTrace.Benchmarks.Outside;

/// <summary><c>outside</c>: what reading another process's rings costs, it and us.</summary>
internal static class OutsideCommand
{
    public const string Name = "outside";
    private const int DefaultRepetitions = 9;
    private const int DefaultSeconds = 30;

    private const string Help = """
        Measure the consumer from outside, everything in memory (tmpfs):

        1. A stopped service with 64 MiB of full rings: the time of a snapshot beside 'cp' of its ring file, in turn; once as the
           call, once as the whole command.
        2. A busy service, its thread on one CPU: its own CPU time per event, alone and while the other CPU takes one snapshot
           after the other, in turn.
        3. Streaming to disk: at a million events a second, and at full speed.
        """;

    public static Command Create()
    {
        Option<int> repetitions = new("--reps")
        {
            Description = "Rounds; fewer than 5 show that it works, and no more",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultRepetitions,
        };
        Option<int> seconds = new("--seconds")
        {
            Description = "How long it streams",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultSeconds,
        };
        Option<string?> tool = new("--tool") { Description = "The command 'ringtrace', to time it as a whole", HelpName = "FILE" };
        Option<string?> json = new("--json") { Description = "Writes the results as JSON too", HelpName = "FILE" };
        Command command = new(Name, Help) { repetitions, seconds, tool, json };
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            OutsideComparison comparison = new(
                Math.Max(1, parsed.GetValue(repetitions)),
                TimeSpan.FromSeconds(Math.Max(1, parsed.GetValue(seconds))),
                parsed.GetValue(tool),
                Commands.Progress);
            Report.Write(await comparison.RunAsync(cancel), Console.Out, parsed.GetValue(json));
            return 0;
        });
        return command;
    }
}
