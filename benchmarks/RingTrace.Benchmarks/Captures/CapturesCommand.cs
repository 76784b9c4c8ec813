using System.CommandLine;
using System.Globalization;
using RingTrace.Benchmarks.Compare;
using RingTrace.Benchmarks.Peers;
using RingTrace.Benchmarks.Pipelines;

namespace RingTrace.Benchmarks.Captures;

/// <summary><c>captures</c> and <c>pipeline</c>: our capture reader, and pipelines over it, beside libpcap's.</summary>
internal static class CapturesCommand
{
    public const string Name = "captures";
    public const string PipelineName = "pipeline";
    private const int DefaultPairs = 9;

    private const string Help = """
        Compare how fast capture files are read: ours, and a C program on libpcap's pcap_loop, in turn. Counting alone, and with the
        same decoding to the 5-tuple; every pass of both must come to the same counts.

        How to read: packets per second of wall time from opening the file to closing it, in two processes that stay and have made
        three passes before; the ratio is of each pair, above 1 when ours is faster. The captures are in the page cache.
        """;

    private const string PipelineHelp = """
        Compare pipelines over capture files with a C program on libpcap's pcap_loop that does the same decoding and counting on one
        thread, in turn; every pass must come to the same counts. bi: both directions of a flow to one thread; ordered: one result for
        each packet, in the order of packets, which is checked; serial: our reader without a pipeline; 500 ns: so much work besides on
        each packet.

        How to read: packets per second of wall time, in processes that stay and have made three passes before; the ratio is of each
        pair, to what stands beside it. Counting is the worst case for a pipeline: there is nothing to be done in parallel.
        """;

    public static Command Create() => Create(Name, Help, CapturesComparison.RunAsync);

    public static Command CreatePipeline() => Create(PipelineName, PipelineHelp, PipelineComparison.RunAsync);

    private static Command Create(string name, string help, Func<CaptureContest, CancellationToken, Task<CaptureFindings>> run)
    {
        Option<int> pairs = new("--reps")
        {
            Description = "Pairs; fewer than 7 show that it works, and no more",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultPairs,
        };
        Option<double> scale = new("--scale")
        {
            Description = "Of 5 M and 2 M packets, this part",
            HelpName = "X",
            DefaultValueFactory = _ => 1,
        };
        Option<string?> json = new("--json") { Description = "Writes the results as JSON too", HelpName = "FILE" };
        Option<string?> keep = new("--keep") { Description = "Where the captures are left", HelpName = "DIR" };
        Command command = new(name, help) { pairs, scale, json, keep };
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            using TemporaryDirectory temporary = TemporaryDirectory.Create();
            string directory = parsed.GetValue(keep) is { } kept ? Directory.CreateDirectory(kept).FullName : temporary.Path;
            using CaptureContest contest = await CaptureContest.StartAsync(
                directory, Math.Max(1, parsed.GetValue(pairs)), Math.Clamp(parsed.GetValue(scale), 0.001, 1), Commands.Progress, cancel);
            Write(await run(contest, cancel), parsed.GetValue(json));
            return 0;
        });
        return command;
    }

    private static void Write(CaptureFindings findings, string? json)
    {
        Report.WriteJson(findings, json);
        Console.WriteLine(findings.Machine);
        Console.WriteLine(findings.Peer);
        Console.WriteLine();
        Console.WriteLine($"{"",-28} {"threads",7} {"M packets/s",12} {"slowest",9}   {"beside",-18} {"ratio",7} {"least",7} {"B/packet",9}");
        foreach (CaptureResult row in findings.Results)
        {
            string beside = string.Create(CultureInfo.InvariantCulture, $"{row.Beside} {row.PeerPpsMedian / 1e6:F1}");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {row.Name,-26} {row.Threads,7} {row.PpsMedian / 1e6,12:F1} {row.PpsMin / 1e6,9:F1}   {beside,-18} ")
                + string.Create(CultureInfo.InvariantCulture, $"{row.RatioMedian,7:F2} {row.RatioMin,7:F2} {row.BytesPerPacket,9:F4}"));
        }

        Bars.Write(findings.Goals, Console.Out);
    }
}
