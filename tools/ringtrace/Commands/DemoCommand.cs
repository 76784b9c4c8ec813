using System.CommandLine;
using RingTrace.Tool.Demo;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Commands;

/// <summary><c>ringtrace demo</c>: a service under load, recorded.</summary>
internal static class DemoCommand
{
    private const int MinSeconds = 1;
    private const int MaxSeconds = 3600;

    public static Command Create()
    {
        Option<int> seconds = new("--seconds")
        {
            Description = $"How long the load runs, {MinSeconds} to {MaxSeconds}",
            HelpName = "N",
            DefaultValueFactory = _ => 5,
        };
        OptionValues.Bound(seconds, MinSeconds, MaxSeconds);
        Option<string?> output = new("--out")
        {
            Description = "Where the traces go, DIR/slow and DIR/final: a new or empty directory "
                + "(default: ./ringtrace-demo-DATE-TIME)",
            HelpName = "DIR",
        };
        Option<bool> json = new("--json") { Description = "The result as one JSON object" };
        Command command = new("demo", "Record a small web service under load; one request is slow and triggers a snapshot")
        {
            seconds, output, json,
        };
        command.SetAction((parsed, cancel) => RunAsync(
            TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(output), parsed.GetValue(json), cancel));
        return command;
    }

    private static async Task<int> RunAsync(TimeSpan duration, string? output, bool json, CancellationToken cancel)
    {
        // System.CommandLine takes over ^C only when this method has returned its task.
        await Task.Yield();
        string directory = Path.GetFullPath(output ?? $"ringtrace-demo-{DateTime.Now:yyyyMMdd-HHmmss}");
        if (File.Exists(directory)
            || (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any()))
        {
            throw new IOException($"{directory} exists and is not an empty directory: name another with --out.");
        }

        Directory.CreateDirectory(directory);
        DemoResult result;
        try
        {
            using DemoProgress progress = new(duration);
            result = await DemoRun.RunAsync(duration, directory, progress, cancel);
        }
        finally
        {
            RemoveIfEmpty(directory);
        }

        DemoReport report = DemoReport.Of(result, cancel);
        if (json)
        {
            report.WriteJson(Console.Out);
        }
        else
        {
            report.WriteText();
        }

        return ExitCodes.Done;
    }

    /// <summary>A run that ended before its first trace leaves nothing behind.</summary>
    private static void RemoveIfEmpty(string directory)
    {
        if (Directory.Exists(directory) && !Directory.EnumerateFileSystemEntries(directory).Any())
        {
            Directory.Delete(directory);
        }
    }
}
