using System.CommandLine;
using RingTrace.Benchmarks.Measuring;
using RingTrace.Benchmarks.Peers;
using RingTrace.Benchmarks.Scaling;
using RingTrace.Benchmarks.Snapshot;

namespace RingTrace.Benchmarks.Compare;

/// <summary><c>compare</c>: RingTrace beside its peers.</summary>
internal static class CompareCommand
{
    public const string Name = "compare";
    private const int DefaultRepetitions = 15;

    private const string Help = """
        Compare what an event costs its caller: RingTrace beside its peers, in one run.

        How to read: nanoseconds per event, mean of a repetition of 50 ms, as min / median / max of all of them; blocks of
        1,000 events during which the thread was off the CPU (8 times the median) do not count, for any contender. A ratio
        within one run says something, a figure of another run or machine does not. Back to back, the time-stamp counter
        is the floor: an event with a time can't be cheaper. A row `-spaced` has 60 ns of arithmetic between the events
        and shows what the event adds to it; where the processor does both at once that is about nothing.
        """;

    private static IReadOnlyList<string> PayloadNames { get; } =
        [.. Payload.All.Where(payload => payload.Fields != Payload.None).Select(payload => payload.Name)];

    public static Command Create()
    {
        Option<string> peers = new("--peers")
        {
            Description = $"all, or some of: {string.Join(", ", PeerCatalog.Names)}",
            HelpName = "all|LIST",
            DefaultValueFactory = _ => "all",
        };
        Option<string> payloads = new("--payloads")
        {
            Description = $"all, or some of: {string.Join(", ", PayloadNames)}",
            HelpName = "all|LIST",
            DefaultValueFactory = _ => "all",
        };
        Option<string> threads = new("--threads")
        {
            Description = "Numbers of threads, 1 to 8; the n-th thread is pinned to the n-th CPU",
            HelpName = "LIST",
            DefaultValueFactory = _ => "1,2",
        };
        Option<int> repetitions = new("--reps")
        {
            Description = "Rounds; fewer than 9 show that it works, and no more",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultRepetitions,
        };
        Option<string?> json = new("--json") { Description = "Writes the results as JSON too", HelpName = "FILE" };
        Option<string?> keep = new("--keep")
        {
            Description = "Leaves a RingTrace trace there, of which every event is accounted for",
            HelpName = "DIR",
        };
        Option<bool> scaling = new("--scaling")
        {
            Description = "Instead: what RingTrace's cost hangs on: threads, payload, ring, first lap, snapshots beside it",
        };
        Option<bool> snapshot = new("--snapshot")
        {
            Description = "Instead: how fast a snapshot is, beside copying as much, and beside LTTng's",
        };
        Command command = new(Name, Help) { peers, payloads, threads, repetitions, json, keep, scaling, snapshot };
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            int rounds = Math.Max(1, parsed.GetValue(repetitions));
            string? file = parsed.GetValue(json);
            if (parsed.GetValue(scaling))
            {
                Report.Write(new ScalingRun(rounds, Commands.Progress).Run(cancel), Console.Out, file);
            }
            else if (parsed.GetValue(snapshot))
            {
                Report.Write(await new SnapshotComparison(rounds, Commands.Progress).RunAsync(cancel), Console.Out, file);
            }
            else
            {
                CompareOptions options = new(
                    Chosen(parsed.GetValue(peers)!, PeerCatalog.Names, "contender"),
                    [Payload.Parse(Payload.None), .. Chosen(parsed.GetValue(payloads)!, PayloadNames, "payload").Select(Payload.Parse)],
                    [.. parsed.GetValue(threads)!.Split(',').Select(ThreadCount)],
                    rounds,
                    parsed.GetValue(keep));
                Report.Write(await CompareRun.RunAsync(options, Commands.Progress, cancel), Console.Out, file);
            }

            return 0;
        });
        return command;
    }

    private static int ThreadCount(string text) =>
        int.TryParse(text, out int count) && count is >= 1 and <= 8 ? count : throw new FormatException($"{text} is no number of threads: 1 to 8.");

    /// <summary>In the order of those there are.</summary>
    private static List<string> Chosen(string list, IReadOnlyCollection<string> known, string what)
    {
        string[] wanted = list == "all" ? [.. known] : list.Split(',', StringSplitOptions.TrimEntries);
        return wanted.FirstOrDefault(name => !known.Contains(name)) is { } unknown
            ? throw new FormatException($"There is no {what} {unknown}: {string.Join(", ", known)}.")
            : [.. known.Where(wanted.Contains)];
    }
}
