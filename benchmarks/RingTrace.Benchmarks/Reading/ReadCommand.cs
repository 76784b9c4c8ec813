using System.CommandLine;
using RingTrace.Benchmarks.Compare;
using RingTrace.Benchmarks.Peers;

namespace RingTrace.Benchmarks.Reading;

/// <summary><c>read</c>: our reader beside babeltrace2.</summary>
internal static class ReadCommand
{
    public const string Name = "read";
    private const int DefaultMebibytes = 256;
    private const int DefaultRepetitions = 9;

    private const string Help = """
        Compare how fast a trace is read, by whole processes in turn: ours, and babeltrace2 without output (sink.utils.dummy).

        How to read: millions of events per second of wall time, and of user and system CPU time, as min / median / max of
        all rounds. Only the ratio of one run says something. The trace is the recorder's own and in the page cache.
        """;

    public static Command Create()
    {
        Option<int> size = new("--size")
        {
            Description = "The trace's size",
            HelpName = "MiB",
            DefaultValueFactory = _ => DefaultMebibytes,
        };
        Option<int> repetitions = new("--reps")
        {
            Description = "Rounds; fewer than 5 show that it works, and no more",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultRepetitions,
        };
        Option<string?> json = new("--json") { Description = "Writes the results as JSON too", HelpName = "FILE" };
        Option<string?> keep = new("--keep")
        {
            Description = "Where the trace is left; one that is there already is read instead",
            HelpName = "DIR",
        };
        Command command = new(Name, Help) { size, repetitions, json, keep };
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            using TemporaryDirectory temporary = TemporaryDirectory.Create();
            string directory = parsed.GetValue(keep) is { } kept ? Path.GetFullPath(kept) : temporary["trace"];
            string recorder = "a trace that was there";
            if (!File.Exists(Path.Combine(directory, "metadata")))
            {
                Commands.Progress("making the trace");
                recorder = TraceToRead.Make(directory, (long)Math.Max(1, parsed.GetValue(size)) << 20, cancel);
            }

            ReadComparison comparison = new(directory, Math.Max(1, parsed.GetValue(repetitions)), Commands.Progress);
            Report.Write(await comparison.RunAsync(recorder, cancel), Console.Out, parsed.GetValue(json));
            return 0;
        });
        return command;
    }
}
