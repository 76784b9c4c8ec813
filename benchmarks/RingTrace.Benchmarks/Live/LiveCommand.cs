using System.CommandLine;
using RingTrace.Benchmarks.Compare;

namespace RingTrace.Benchmarks.Live;

/// <summary><c>pipeline-live</c>: a pipeline that follows another process's rings.</summary>
internal static class LiveCommand
{
    public const string Name = "pipeline-live";
    private const int DefaultSeconds = 30;

    private const string Help = """
        Follow a service's rings with a pipeline of 2 processing threads, everything in memory (tmpfs); 2 threads of the service emit:

        1. In discard mode, at a million events a second: nothing may be lost.
        2. In discard mode, at full speed: what was emitted was consumed, or is counted as lost.
        3. In overwrite mode, at a million events a second, while snapshots are taken.
        """;

    public static Command Create()
    {
        Option<int> seconds = new("--seconds")
        {
            Description = "How long each of them runs",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultSeconds,
        };
        Option<string?> json = new("--json") { Description = "Writes the results as JSON too", HelpName = "FILE" };
        Command command = new(Name, Help) { seconds, json };
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            LiveComparison comparison = new(TimeSpan.FromSeconds(Math.Max(1, parsed.GetValue(seconds))), Commands.Progress);
            Report.Write(await comparison.RunAsync(cancel), Console.Out, parsed.GetValue(json));
            return 0;
        });
        return command;
    }
}
