using System.CommandLine;
using System.Globalization;
using RingTrace.Attach;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Commands;

/// <summary><c>ringtrace recover</c>: what the dead had recorded, each region in a folder of its own.</summary>
internal static class RecoverCommand
{
    public static Command Create()
    {
        Targets targets = new();
        Option<bool> all = new("--all") { Description = "Every dead process's" };
        Option<string> output = new("--output", "-o")
        {
            Description = "Where the traces go: a folder for each, named as its .ring file",
            HelpName = "DIR",
            Required = true,
        };
        Option<bool> json = new("--json") { Description = "One JSON object" };
        Option<bool> strict = new("--strict") { Description = "Anything that could not be saved is exit code 1" };
        Command command = new("recover", "Save what a process had recorded before it was killed or crashed");
        targets.AddOptionallyTo(command);
        Array.ForEach((Option[])[all, output, json, strict], command.Add);
        command.Validators.Add(result =>
        {
            if (targets.IsGiven(result) == result.GetValue(all))
            {
                result.AddError("Name a TARGET, or --all.");
            }
        });
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            IReadOnlyList<FoundRecorder> found = parsed.GetValue(all) ? AllDead() : targets.FindDead(parsed);
            string directory = Path.GetFullPath(parsed.GetRequiredValue(output));
            bool isText = !parsed.GetValue(json);
            HashSet<string> names = [];
            List<RegionJson> regions = [];
            foreach (FoundRecorder one in found)
            {
                regions.Add(Recover(one, Path.Combine(directory, Unused(names, one)), cancel));
                Tell(regions[^1], isText);
            }

            if (!isText)
            {
                ToolJson.Write(new RecoveredJson(regions));
            }
            else if (regions.Count == 0)
            {
                ExitCodes.Tell("no process has died with its rings");
            }

            return ExitCode(regions, parsed.GetValue(strict));
        });
        return command;
    }

    private static List<FoundRecorder> AllDead() => [.. RecorderFinder.Find().Where(Targets.IsDead)];

    /// <summary>The file's name; two containers may have files of the same.</summary>
    private static string Unused(HashSet<string> names, FoundRecorder found)
    {
        string wish = Path.GetFileNameWithoutExtension(found.RingPath);
        string name = wish;
        for (int i = 2; !names.Add(name); i++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{wish}.{i}");
        }

        return name;
    }

    private static RegionJson Recover(FoundRecorder found, string path, CancellationToken cancel)
    {
        try
        {
            using OutsideRecorder recorder = OutsideRecorder.Open(found, readOnly: true);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            SnapshotResult result = recorder.Snapshot(path, reason: "recovered", cancel: cancel);
            return RegionJson.Of(found, result, recorder.Recovery);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // One that is beyond help, or for which there is no place, is no reason to leave out the others.
            return RegionJson.Failed(found, e.Message);
        }
    }

    /// <summary>At once: whoever interrupts the rest knows what there is.</summary>
    private static void Tell(RegionJson region, bool isText)
    {
        if (isText)
        {
            region.Print();
        }

        foreach (string problem in region.Problems)
        {
            ExitCodes.Say($"{region.Region}: {problem}");
        }
    }

    private static int ExitCode(List<RegionJson> regions, bool strict)
    {
        bool isPartial = regions.Exists(region => region.Problems.Count > 0);
        bool isInVain = regions.Count > 0 && regions.TrueForAll(region => region.Path is null);
        return isInVain || (strict && isPartial) ? ExitCodes.Failed : ExitCodes.Done;
    }
}

/// <summary>What <c>recover --json</c> prints; its names are a contract.</summary>
/// <param name="Regions">One per <c>.ring</c> file.</param>
internal sealed record RecoveredJson(IReadOnlyList<RegionJson> Regions);

/// <summary>One dead recorder.</summary>
/// <param name="Region">Its <c>.ring</c> file.</param>
/// <param name="App">The service's name.</param>
/// <param name="Pid">The process that it was, in its own namespace.</param>
/// <param name="Path">The trace's directory; null when nothing could be saved.</param>
/// <param name="Events">Events saved.</param>
/// <param name="Packets">Packets saved.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="OpenBytes">Bytes of packets that were open when the process died.</param>
/// <param name="LeftOutBytes">Bytes that were reserved and could not be saved.</param>
/// <param name="Lost">What the process itself had lost, by cause.</param>
/// <param name="Problems">What was left out, and why.</param>
internal sealed record RegionJson(
    string Region,
    string App,
    int Pid,
    string? Path,
    long Events,
    long Packets,
    long Bytes,
    long OpenBytes,
    long LeftOutBytes,
    IReadOnlyDictionary<string, ulong> Lost,
    IReadOnlyList<string> Problems)
{
    public static RegionJson Of(FoundRecorder found, SnapshotResult result, RecoveryReport? report) => new(
        found.RingPath,
        found.App,
        found.RegionProcessId,
        result.Path,
        report?.Events ?? 0,
        result.Streams.Sum(stream => stream.Packets),
        result.Bytes,
        report?.Rings.Sum(ring => ring.OpenBytes) ?? 0,
        report?.LeftOutBytes ?? result.Streams.Sum(stream => stream.LeftOutBytes),
        result.Lost,
        [.. report?.Rings.Where(ring => ring.LeftOutWhy is not null).Select(ring =>
            $"CPU {ring.Cpu} of channel {ring.Channel}: {Units.Bytes(ring.LeftOutBytes)} left out: {ring.LeftOutWhy}") ?? [],
            .. report?.Problems ?? []]);

    public static RegionJson Failed(FoundRecorder found, string problem) => new(
        found.RingPath, found.App, found.RegionProcessId, null, 0, 0, 0, 0, 0, new Dictionary<string, ulong>(),
        [$"nothing saved of {Units.Bytes(found.Bytes)}: {problem}"]);

    public void Print()
    {
        if (Path is not null)
        {
            ExitCodes.Tell($"{Path}: {Units.Count(Events)} events, {Units.Bytes(Bytes)} of {App} ({Pid})"
                + $"; {Units.Bytes(OpenBytes)} in open packets, {Units.Bytes(LeftOutBytes)} left out");
        }
    }
}
