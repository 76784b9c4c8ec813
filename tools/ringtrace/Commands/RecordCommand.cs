using System.CommandLine;
using RingTrace.Attach;
using RingTrace.Formats;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Commands;

/// <summary><c>ringtrace record</c>: a process's events to disk as they come.</summary>
internal static class RecordCommand
{
    /// <summary>Below what the process is given to end in.</summary>
    private static readonly TimeSpan CountingAfterInterrupt = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        Targets targets = new();
        Option<string> output = new("--output", "-o")
        {
            Description = "The trace's directory; must not exist",
            HelpName = "DIR",
            Required = true,
        };
        Option<long?> length = new("--for")
        {
            Description = $"How long: a number with {Durations.Units} (default: until ^C, or until the process ends)",
            HelpName = "DURATION",
            CustomParser = OptionValues.Duration,
        };
        Option<bool> readOnly = new("--read-only") { Description = "Write nothing into the process's shared memory: copy and check" };
        Option<bool> json = new("--json") { Description = "The result as one JSON object" };
        Option<bool> strict = new("--strict") { Description = "Any loss is exit code 1" };
        Command command = new("record", "Stream a process's events to disk; its rings keep their history");
        targets.AddTo(command);
        Array.ForEach((Option[])[output, length, readOnly, json, strict], command.Add);
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            using OutsideRecorder recorder = targets.Open(parsed, parsed.GetValue(readOnly));
            TimeSpan? time = parsed.GetValue(length) is { } ns ? TimeSpan.FromTicks(ns / TimeSpan.NanosecondsPerTick) : null;
            RecordingResult result = Record(recorder, Path.GetFullPath(parsed.GetRequiredValue(output)), time, cancel);
            Losses losses = Losses.Of(result.Losses);
            Tell(result, losses, Count(result.Path, cancel), parsed.GetValue(json));
            return losses.ExitCode(parsed.GetValue(strict));
        });
        return command;
    }

    private static RecordingResult Record(OutsideRecorder recorder, string path, TimeSpan? time, CancellationToken cancel)
    {
        using Progress progress = new($"recording {recorder.Found.App}", total: 0);
        return Recording.Run(recorder, path, time, progress, cancel);
    }

    private static void Tell(RecordingResult result, Losses losses, long? events, bool json)
    {
        if (json)
        {
            ToolJson.Write(new RecordedJson(
                result.Path, events, result.Packets, result.Bytes, result.Elapsed.TotalSeconds, result.TargetEnded, losses.Causes));
            return;
        }

        ExitCodes.Tell($"{result.Path}: {(events is { } count ? $"{Units.Count(count)} events, " : "")}{Units.Bytes(result.Bytes)} "
            + $"in {Units.Time(result.Elapsed.TotalNanoseconds)}; lost: {losses}"
            + (result.TargetEnded ? "; its recorder has ended" : ""));
    }

    /// <summary>What the trace holds is what was recorded: the writers count no events.</summary>
    /// <returns>Null when whoever pressed ^C would have to wait for it.</returns>
    private static long? Count(string path, CancellationToken cancelled)
    {
        using CancellationTokenSource limit = new(cancelled.IsCancellationRequested ? CountingAfterInterrupt : Timeout.InfiniteTimeSpan);
        TraceReader reader = TraceReader.Open(path);
        using Progress progress = new("counting", reader.Bytes);
        long events = 0;
        try
        {
            foreach (EventView _ in reader.Events().Watched(progress, limit.Token))
            {
                events++;
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        return events;
    }
}

/// <summary>What <c>record --json</c> prints; its names are a contract.</summary>
/// <param name="Path">The trace's directory.</param>
/// <param name="Events">Events in it; null when ^C left no time to count them.</param>
/// <param name="Packets">Packets in it.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="ProcessEnded">Whether the process ended meanwhile, or its recorder in it.</param>
/// <param name="Lost">What was lost while it was recorded, by cause.</param>
internal sealed record RecordedJson(
    string Path, long? Events, long Packets, long Bytes, double Seconds, bool ProcessEnded, IReadOnlyDictionary<string, ulong> Lost);
