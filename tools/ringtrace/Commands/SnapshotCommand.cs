using System.CommandLine;
using System.Globalization;
using RingTrace.Attach;
using RingTrace.Formats;
using RingTrace.Formats.Perfetto;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;
using RingTrace.Tool.Processes;

namespace RingTrace.Tool.Commands;

/// <summary><c>ringtrace snapshot</c>: what a process's rings hold, taken from outside.</summary>
internal static class SnapshotCommand
{
    private const string Ctf = "ctf";
    private const string Perfetto = "perfetto";

    public static Command Create()
    {
        Targets targets = new();
        Option<string?> output = new("--output", "-o")
        {
            Description = "The trace's directory, or Perfetto's file; must not exist (default: ./NAME-PID-DATE-TIME)",
            HelpName = "DIR",
        };
        Option<long?> last = new("--last")
        {
            Description = $"Only this long before now: a number with {Durations.Units}",
            HelpName = "DURATION",
            CustomParser = OptionValues.Duration,
        };
        Option<string> format = new("--format")
        {
            Description = "ctf: a directory for ringtrace view, babeltrace2, Trace Compass; perfetto: a file for ui.perfetto.dev",
            HelpName = $"{Ctf}|{Perfetto}",
            DefaultValueFactory = _ => Ctf,
        };
        format.AcceptOnlyFromAmong(Ctf, Perfetto);
        Option<bool> readOnly = new("--read-only") { Description = "Write nothing into the process's shared memory: copy and check" };
        Option<string?> reason = new("--reason") { Description = "Why, for the trace's reader", HelpName = "TEXT" };
        Option<bool> json = new("--json") { Description = "The result as one JSON object" };
        Option<bool> strict = new("--strict") { Description = "Any loss is exit code 1" };
        Command command = new(
            "snapshot", "Take the last seconds out of a process from outside: running, hung, stopped or dead; it is not slowed");
        targets.AddTo(command);
        Array.ForEach((Option[])[output, last, format, readOnly, reason, json, strict], command.Add);
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            using OutsideRecorder recorder = targets.Open(parsed, parsed.GetValue(readOnly));
            bool isPerfetto = parsed.GetValue(format) == Perfetto;
            string path = Path.GetFullPath(parsed.GetValue(output) ?? DefaultName(recorder.Found) + (isPerfetto ? ".perfetto-trace" : ""));
            TimeSpan? window = parsed.GetValue(last) is { } ns ? TimeSpan.FromTicks(ns / TimeSpan.NanosecondsPerTick) : null;
            Taker taker = new(recorder, window, parsed.GetValue(reason) ?? "ringtrace snapshot", cancel);
            SnapshotResult result = isPerfetto ? taker.ToPerfetto(path) : taker.ToDirectory(path);
            Losses losses = LossesOf(result);
            if (parsed.GetValue(json))
            {
                ToolJson.Write(TakenJson.Of(recorder.Found, path, result, losses));
            }
            else
            {
                Tell(recorder.Found, path, result, isPerfetto);
            }

            losses.Warn();
            return losses.ExitCode(parsed.GetValue(strict));
        });
        return command;
    }

    internal static string DefaultName(FoundRecorder found) => string.Create(
        CultureInfo.InvariantCulture, $"{found.TraceName}-{DateTime.Now:yyyyMMdd-HHmmss}");

    private static Losses LossesOf(SnapshotResult result)
    {
        Losses losses = Losses.Of(result.Lost);
        losses.Add("missed_packets", result.Streams.Aggregate(0UL, (sum, stream) => sum + stream.MissedPackets));
        losses.Add("left_out_bytes", (ulong)result.Streams.Sum(stream => stream.LeftOutBytes));
        return losses;
    }

    private static void Tell(FoundRecorder found, string path, SnapshotResult result, bool isPerfetto)
    {
        string history = result.History is { } held ? $", {Units.Time(held.TotalNanoseconds)} of history" : "";
        ExitCodes.Tell($"{path}: {Units.Count(result.Streams.Sum(stream => stream.Packets))} packets, {Units.Bytes(result.Bytes)}{history} "
            + $"of {found.App} ({found.ProcessId}, {ProcessText.StateOf(found.State)})");
        ExitCodes.Tell(isPerfetto ? "next: open it in ui.perfetto.dev" : $"next: ringtrace view {path}");
    }

    private sealed class Taker(OutsideRecorder recorder, TimeSpan? last, string reason, CancellationToken cancel)
    {
        public SnapshotResult ToDirectory(string path) => recorder.Snapshot(path, last, reason, cancel);

        /// <summary>By way of a directory beside it, which is gone afterwards.</summary>
        public SnapshotResult ToPerfetto(string path)
        {
            if (Path.Exists(path))
            {
                throw new IOException($"{path} exists: name another with -o.");
            }

            using NewFile file = new(path);
            string directory = Path.Combine(Path.GetDirectoryName(path)!, $".ringtrace-{Path.GetRandomFileName()}");
            try
            {
                SnapshotResult result = recorder.Snapshot(directory, last, reason, cancel);
                TraceReader reader = TraceReader.Open(directory);
                using Progress progress = new("converting to perfetto", reader.Bytes);
                PerfettoConverter.Write(reader, null, file.Stream, progress, cancel);
                file.Complete();
                return result;
            }
            finally
            {
                if (Directory.Exists(directory))
                {
                    Directory.Delete(directory, recursive: true);
                }
            }
        }
    }
}

/// <summary>What <c>snapshot --json</c> prints; its names are a contract.</summary>
/// <param name="Path">The trace's directory, or Perfetto's file.</param>
/// <param name="App">The service's name.</param>
/// <param name="Pid">The process; 0 when it is not known.</param>
/// <param name="State">What had become of it.</param>
/// <param name="Reason">Why it was taken.</param>
/// <param name="Taken">When.</param>
/// <param name="Packets">Packets in it.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="HistorySeconds">How far back all rings reach; null when they are empty.</param>
/// <param name="Lost">What was lost, by cause.</param>
internal sealed record TakenJson(
    string Path,
    string App,
    int Pid,
    string State,
    string Reason,
    DateTimeOffset Taken,
    long Packets,
    long Bytes,
    double? HistorySeconds,
    IReadOnlyDictionary<string, ulong> Lost)
{
    public static TakenJson Of(FoundRecorder found, string path, SnapshotResult result, Losses losses) => new(
        path,
        found.App,
        found.ProcessId,
        ProcessText.StateOf(found.State),
        result.Reason,
        result.Taken,
        result.Streams.Sum(stream => stream.Packets),
        result.Bytes,
        result.History?.TotalSeconds,
        losses.Causes);
}
