using System.CommandLine;
using RingTrace.Attach;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Live;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Commands;

/// <summary><c>ringtrace top</c>: what a process does now.</summary>
internal static class TopCommand
{
    private const long DefaultInterval = 1_000_000_000;
    private const long LeastInterval = 100_000_000;

    public static Command Create()
    {
        Targets targets = new();
        Option<long?> interval = new("--interval")
        {
            Description = $"How long each look is: 100ms or more, a number with {Durations.Units} (default: 1s)",
            HelpName = "DURATION",
            CustomParser = result =>
            {
                long? length = OptionValues.Duration(result);
                if (length < LeastInterval)
                {
                    result.AddError("--interval must be 100ms or more.");
                }

                return length;
            },
        };
        Option<bool> once = new("--once") { Description = "One look, and out" };
        Option<bool> readOnly = new("--read-only") { Description = "Write nothing into the process's shared memory: copy and check" };
        Option<bool> json = new("--json") { Description = "One JSON object for each look" };
        Command command = new("top", "Show what a process does now: events a second by name, durations of spans, losses");
        targets.AddTo(command);
        Array.ForEach<Option>([interval, once, readOnly, json], command.Add);
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            using OutsideRecorder recorder = targets.Open(parsed, parsed.GetValue(readOnly));
            using LiveRun run = new(recorder, FeedStart.Now, query: null);
            TimeSpan length = TimeSpan.FromTicks((parsed.GetValue(interval) ?? DefaultInterval) / TimeSpan.NanosecondsPerTick);
            Look(run, $"{recorder.Found.App} ({recorder.Found.RegionProcessId})", length, parsed.GetValue(once), parsed.GetValue(json), cancel);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Look(LiveRun run, string process, TimeSpan length, bool once, bool json, CancellationToken cancel)
    {
        TopCounter counter = new();
        try
        {
            run.Follow(counter.Add, Visited, cancel);
        }
        catch (IOException e) when (StandardOutput.IsClosed(e))
        {
            // Who reads has seen enough.
        }

        bool Visited()
        {
            if (counter.Elapsed < length)
            {
                return true;
            }

            TopInterval interval = counter.Take(run.Losses, run.Late);
            if (json)
            {
                using StreamWriter output = StandardOutput.OpenText();
                output.WriteLine(ToolJson.Text(interval));
            }
            else
            {
                TopReport.Show(process, interval);
            }

            return !once;
        }
    }
}
