using System.CommandLine;
using RingTrace.Attach;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Commands;

/// <summary><c>ringtrace clean</c>: removes the regions of dead processes, by age and size.</summary>
internal static class CleanCommand
{
    private static readonly TimeSpan DefaultAge = TimeSpan.FromDays(1);

    public static Command Create()
    {
        Option<long?> age = new("--older-than")
        {
            Description = $"Those last written so long ago: a number with {Durations.Units} (default: 1d, without --keep)",
            HelpName = "DURATION",
            CustomParser = OptionValues.Duration,
        };
        Option<long?> keep = new("--keep")
        {
            Description = "The oldest, until what is left takes no more: bytes, or a number with K, M or G",
            HelpName = "SIZE",
            CustomParser = OptionValues.Size,
        };
        Option<bool> dryRun = new("--dry-run") { Description = "Only tell what would be removed" };
        Option<bool> json = new("--json") { Description = "One JSON object" };
        Option<bool> strict = new("--strict") { Description = "Anything that could not be removed is exit code 1" };
        Command command = new(
            "clean", "Remove the rings of dead processes from this user's directory ($RINGTRACE_DIR, else the one in /dev/shm)")
        {
            age, keep, dryRun, json, strict,
        };
        command.SetAction(parsed =>
        {
            TimeSpan? limit = parsed.GetValue(age) is { } ns ? TimeSpan.FromTicks(ns / TimeSpan.NanosecondsPerTick)
                : parsed.GetValue(keep) is null ? DefaultAge : null;
            CleanedJson result = Run(limit, parsed.GetValue(keep), parsed.GetValue(dryRun));
            if (parsed.GetValue(json))
            {
                ToolJson.Write(result);
            }
            else
            {
                result.Print();
            }

            bool isInVain = result.Problems.Count > 0 && result.Removed.Count == 0;
            return isInVain || (parsed.GetValue(strict) && result.Problems.Count > 0) ? ExitCodes.Failed : ExitCodes.Done;
        });
        return command;
    }

    /// <summary>What is to go: what is too old, and the oldest of the rest while it is too much.</summary>
    /// <param name="dead">All that may.</param>
    /// <param name="now">The time.</param>
    /// <param name="age">Older ones go; null for none.</param>
    /// <param name="most">The bytes that may stay; null for all.</param>
    internal static List<FoundRecorder> Choose(
        IEnumerable<FoundRecorder> dead, DateTimeOffset now, TimeSpan? age, long? most)
    {
        List<FoundRecorder> removed = [];
        long kept = 0;
        foreach (FoundRecorder one in dead.OrderByDescending(one => one.LastWritten))
        {
            // Once too much, all that is older goes: a gap in the middle would be a strange history.
            if (now - one.LastWritten >= age || kept + one.Bytes > most)
            {
                removed.Add(one);
                most = most is null ? null : 0;
            }
            else
            {
                kept += one.Bytes;
            }
        }

        return removed;
    }

    private static CleanedJson Run(TimeSpan? age, long? most, bool dryRun)
    {
        IReadOnlyList<FoundRecorder> dead = RegionCleaner.Find();
        List<FoundRecorder> removed = [];
        List<string> problems = [];
        foreach (FoundRecorder one in Choose(dead, DateTimeOffset.UtcNow, age, most))
        {
            if (!dryRun && RegionCleaner.TryRemove(one) is { } problem)
            {
                problems.Add(problem);
                ExitCodes.Say(problem);
            }
            else
            {
                removed.Add(one);
            }
        }

        return new CleanedJson(
            [.. removed.Select(one => one.RingPath)], removed.Sum(one => one.Bytes), dead.Count - removed.Count, dryRun, problems);
    }
}

/// <summary>What <c>clean --json</c> prints; its names are a contract.</summary>
/// <param name="Removed">The files that are gone, or would be: <c>.ring</c> with the <c>.ctl</c> beside it, or a <c>.ctl</c> alone.</param>
/// <param name="Bytes">What they took.</param>
/// <param name="Kept">How many of the dead stay.</param>
/// <param name="DryRun">Whether nothing was done.</param>
/// <param name="Problems">What should have gone, and why it is there.</param>
internal sealed record CleanedJson(IReadOnlyList<string> Removed, long Bytes, int Kept, bool DryRun, IReadOnlyList<string> Problems)
{
    public void Print()
    {
        foreach (string path in Removed)
        {
            ExitCodes.Tell(path);
        }

        ExitCodes.Tell($"{Units.Count(Removed.Count)} regions, {Units.Bytes(Bytes)} {(DryRun ? "would be removed" : "removed")}; "
            + $"{Units.Count(Kept)} of dead processes stay{(Kept > 0 ? " (see --older-than)" : "")}");
    }
}
