using System.Diagnostics.Tracing;
using System.Globalization;

namespace RingTrace;

/// <summary>
/// Commands by way of the runtime's diagnostics port: who opens a session on this source with arguments gets them
/// executed by the recorders of the process, and the answer as an event of the same session.
/// </summary>
/// <remarks>
/// Arguments: <c>id</c> (comes back with the answer) and <c>snapshot=PATH</c> with <c>last=10s</c> and <c>reason=TEXT</c>, or
/// <c>enable=PATTERN</c> with <c>level=Debug</c>, or <c>disable=PATTERN</c>. Where a process has several recorders, the second's
/// snapshot is PATH-1, and so on. Where event sources are switched off (a trimmed program), there is nobody to listen.
/// </remarks>
[EventSource(Name = SourceName)]
internal sealed class ControlSource : EventSource
{
    public const string SourceName = "RingTrace-Control";

    // The first command may come while the constructor runs: all that it needs is static, or its argument.
    private static readonly ControlSource Log = new();

    private ControlSource()
    {
    }

    /// <summary>Makes the source, once for the process.</summary>
    public static void Listen() => _ = Log;

    /// <summary>A command has been executed.</summary>
    /// <param name="answer">One text, by which a reader finds it without knowing the session's format.</param>
    [Event(1)]
    public void Answer(string answer) => WriteEvent(1, answer);

    protected override void OnEventCommand(EventCommandEventArgs command)
    {
        // Called on a thread of the diagnostics server, which must not wait; and again, empty, when a session ends.
        if (command is { Command: EventCommand.Enable, Arguments: { Count: > 0 } arguments })
        {
            new Thread(() => Execute(arguments)) { IsBackground = true, Name = "ringtrace control" }.Start();
        }
    }

    [NonEvent]
    private void Execute(IDictionary<string, string?> arguments)
    {
        string id = arguments.TryGetValue("id", out string? given) ? given ?? "" : "";
        try
        {
            Answer("ringtrace-control-heard:" + id);
            IReadOnlyList<FlightRecorder> recorders = RunningRecorders.All;
            if (recorders.Count == 0)
            {
                throw new InvalidOperationException("No recorder runs in this process.");
            }

            if (arguments.TryGetValue("snapshot", out string? path) && path is not null)
            {
                TimeSpan? last = arguments.TryGetValue("last", out string? text) && text is not null ? Seconds(text) : null;
                string? reason = arguments.TryGetValue("reason", out string? why) ? why : null;
                long bytes = 0;
                for (int i = 0; i < recorders.Count; i++)
                {
                    string place = i == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}-{i}");
                    bytes += recorders[i].Snapshot(place, last, reason ?? "diagnostics port").Bytes;
                }

                Done(id, path, bytes, "");
            }
            else if (arguments.TryGetValue("enable", out string? on) && on is not null)
            {
                TraceLevel level = arguments.TryGetValue("level", out string? least) && least is not null
                    ? Enum.Parse<TraceLevel>(least, ignoreCase: true) : TraceLevel.Debug;
                Done(id, "", recorders.Sum(recorder => recorder.Enable(on, level)), "");
            }
            else if (arguments.TryGetValue("disable", out string? off) && off is not null)
            {
                Done(id, "", recorders.Sum(recorder => recorder.Disable(off)), "");
            }
            else
            {
                throw new ArgumentException("The command is none of snapshot, enable, disable.");
            }
        }
#pragma warning disable CA1031 // Whatever it is, it belongs to who sent the command.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Done(id, "", 0, e.Message);
        }
    }

    /// <summary>Answers.</summary>
    /// <param name="id">Whom.</param>
    /// <param name="path">Where the snapshot is; empty for other commands.</param>
    /// <param name="bytes">Of its packets; of other commands, how many events have changed.</param>
    /// <param name="error">Empty when all went well.</param>
    [NonEvent]
    private void Done(string id, string path, long bytes, string error) =>
        Answer(string.Create(CultureInfo.InvariantCulture, $"ringtrace-control:{id}\n{path}\n{bytes}\n{error}"));

    private static TimeSpan Seconds(string text) =>
        double.TryParse(text.TrimEnd('s'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
        && seconds < TimeSpan.MaxValue.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException($"last={text} is not a number of seconds, such as 10s.");
}
