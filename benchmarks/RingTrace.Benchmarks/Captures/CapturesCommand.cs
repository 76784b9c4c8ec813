using System.CommandLine;
using System.Globalization;
using RingTrace.Benchmarks.Compare;
using RingTrace.Benchmarks.Peers;

namespace RingTrace.Benchmarks.Captures;

/// <summary><c>captures</c>: our capture reader beside libpcap's.</summary>
internal static class CapturesCommand
{
    public const string Name = "captures";
    private const int DefaultPairs = 9;

    private const string Help = """
        Compare how fast capture files are read: ours, and a C program on libpcap's pcap_loop, in turn. Counting alone, and with the
        same decoding to the 5-tuple; every pass of both must come to the same counts.

        How to read: packets per second of wall time from opening the file to closing it, in two processes that stay and have made
        one pass before; the ratio is of each pair, above 1 when ours is faster. The captures are in the page cache.
        """;

    public static Command Create()
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
        Command command = new(Name, Help) { pairs, scale, json, keep };
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            using TemporaryDirectory temporary = TemporaryDirectory.Create();
            string directory = parsed.GetValue(keep) is { } kept ? Directory.CreateDirectory(kept).FullName : temporary.Path;
            CapturesComparison comparison = new(
                directory, Math.Max(1, parsed.GetValue(pairs)), Math.Clamp(parsed.GetValue(scale), 0.001, 1), Commands.Progress);
            Write(await comparison.RunAsync(cancel), parsed.GetValue(json));
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
        Console.WriteLine($"{"",-20} {"M packets/s",12} {"slowest",9} {"pcap_loop",10} {"ratio",7} {"B/packet",9}");
        foreach (CaptureResult row in findings.Results)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {row.Name,-18} {row.PpsMedian / 1e6,12:F1} {row.PpsMin / 1e6,9:F1} {row.PeerPpsMedian / 1e6,10:F1} ")
                + string.Create(CultureInfo.InvariantCulture, $"{row.RatioMedian,7:F2} {row.BytesPerPacket,9:F4}"));
        }

        Bars.Write(findings.Goals, Console.Out);
    }
}
