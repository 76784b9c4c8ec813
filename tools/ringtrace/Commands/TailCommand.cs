using System.CommandLine;
using System.Diagnostics;
using RingTrace.Attach;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Live;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Commands;

/// <summary><c>ringtrace tail</c>: a process's events as they come.</summary>
internal static class TailCommand
{
    private static readonly TimeSpan LossPeriod = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        Targets targets = new();
        FilterOptions filter = new();
        Option<bool> threads = new("--tid") { Description = "Also the number of the thread, behind the CPU's" };
        Option<bool> readOnly = new("--read-only") { Description = "Write nothing into the process's shared memory: copy and check" };
        Option<bool> json = new("--json") { Description = "One JSON object a line" };
        Command command = new("tail", "Print a process's events as they come, in the order of time, until ^C or its end");
        targets.AddTo(command);
        filter.AddLiveTo(command);
        Array.ForEach([threads, readOnly, json], command.Add);
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            using OutsideRecorder recorder = targets.Open(parsed, parsed.GetValue(readOnly));
            EventFilter wanted = filter.ReadLive(parsed, DateTimeOffset.UtcNow);
            FeedStart start = wanted.Query.From is null ? FeedStart.Now : FeedStart.Oldest;
            using LiveRun run = new(recorder, start, wanted.Whole);
            filter.SayUnknown(parsed, [run.Trace]);
            Follow(run, parsed.GetValue(threads), parsed.GetValue(json), cancel);
            run.SayWhatIsMissing();
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Follow(LiveRun run, bool threads, bool json, CancellationToken cancel)
    {
        Losses said = new();
        long lastLook = Stopwatch.GetTimestamp();
        try
        {
            using IEventWriter writer = json
                ? new EventJson(StandardOutput.OpenBytes()) : new EventText(StandardOutput.OpenText(), threads);
            run.Follow(writer.Write, Visited, cancel);

            bool Visited()
            {
                writer.Flush();
                if (Stopwatch.GetElapsedTime(lastLook) >= LossPeriod)
                {
                    lastLook = Stopwatch.GetTimestamp();
                    Losses now = run.Losses;
                    now.Since(said).Warn();
                    said = now;
                }

                return true;
            }
        }
        catch (IOException e) when (StandardOutput.IsClosed(e))
        {
            // Who reads has seen enough.
        }
    }
}
