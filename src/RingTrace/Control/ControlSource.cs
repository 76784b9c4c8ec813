using System.Diagnostics.Tracing;
using System.Globalization;
using RingTrace.Buffers;

namespace RingTrace;

/// <summary>
/// Commands by way of the runtime's diagnostics port: who opens a session on this source with arguments gets them
/// executed by the recorders of the process, and the answer as an event of the same session.
/// </summary>
/// <remarks>
/// Arguments: <c>id</c> (comes back with the answer) and <c>snapshot=PATH</c> with <c>last=10s</c> and <c>reason=TEXT</c>, or
/// <c>command=</c> with a <see cref="RecorderCommand"/> as it would lie in the command page, in Base64. Where a process has
/// several recorders, each obeys, and the second's snapshot is PATH-1, and so on. Where event sources are switched off (a
/// trimmed program), there is nobody to listen.
/// </remarks>
[EventSource(Name = SourceName)]
internal sealed class ControlSource : EventSource
{
    public const string SourceName = "RingTrace-Control";

    /// <summary>What waits for the one thread that serves; more is not heard.</summary>
    private const int MostWaiting = 16;

    /// <summary>The ids that are known for repetitions.</summary>
    private const int MostKnown = 64;

    // Before the source: the first command may come while its constructor runs.
    private static readonly Queue<IDictionary<string, string?>> Waiting = [];
    private static readonly Queue<string> Known = [];
    private static readonly Lock Gate = new();
    private static bool s_isServed;
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
        // Called on a thread of the diagnostics server, which must not wait; empty when the last session ends, and with the
        // arguments of another session when one of several does.
        if (command is not { Command: EventCommand.Enable, Arguments: { Count: > 0 } arguments })
        {
            return;
        }

        lock (Gate)
        {
            if (Waiting.Count == MostWaiting || IsKnown(arguments))
            {
                return;
            }

            Waiting.Enqueue(arguments);
            if (!s_isServed)
            {
                new Thread(Serve) { IsBackground = true, Name = "ringtrace control" }.Start();
                s_isServed = true;
            }
        }
    }

    [NonEvent]
    private static bool IsKnown(IDictionary<string, string?> arguments)
    {
        if (!arguments.TryGetValue("id", out string? id) || id is null)
        {
            return false;
        }

        if (Known.Contains(id))
        {
            return true;
        }

        if (Known.Count == MostKnown)
        {
            Known.Dequeue();
        }

        Known.Enqueue(id);
        return false;
    }

    /// <summary>One after the other, until there is no more.</summary>
    [NonEvent]
    private void Serve()
    {
        while (true)
        {
            IDictionary<string, string?>? arguments;
            lock (Gate)
            {
                if (!Waiting.TryDequeue(out arguments))
                {
                    s_isServed = false;
                    return;
                }
            }

            Execute(arguments);
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
                Snapshot(id, recorders, path, arguments);
            }
            else if (arguments.TryGetValue("command", out string? command) && command is not null)
            {
                RecorderCommand wish = Decode(command);
                RecorderAnswer[] answers = [.. recorders.Select(recorder => CommandServer.Run(recorder.Bindings!, wish))];
                Done(
                    id, answers.Sum(answer => answer.Changed), answers.All(answer => answer.IsKept),
                    answers.Select(answer => answer.Problem).FirstOrDefault(problem => problem is not null) ?? "");
            }
            else
            {
                throw new ArgumentException("It is neither snapshot nor command.");
            }
        }
#pragma warning disable CA1031 // Whatever it is, it belongs to who sent the command.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Done(id, 0, isKept: false, e.Message);
        }
    }

    [NonEvent]
    private void Snapshot(string id, IReadOnlyList<FlightRecorder> recorders, string path, IDictionary<string, string?> arguments)
    {
        TimeSpan? last = arguments.TryGetValue("last", out string? text) && text is not null ? Seconds(text) : null;
        string? reason = arguments.TryGetValue("reason", out string? why) ? why : null;
        long bytes = 0;
        for (int i = 0; i < recorders.Count; i++)
        {
            string place = i == 0 ? path : string.Create(CultureInfo.InvariantCulture, $"{path}-{i}");
            bytes += recorders[i].Snapshot(place, last, reason ?? "diagnostics port").Bytes;
        }

        Done(id, bytes, isKept: true, "");
    }

    /// <summary>Answers.</summary>
    /// <param name="id">Whom.</param>
    /// <param name="count">Of a snapshot, the bytes of its packets; else how many events have changed.</param>
    /// <param name="isKept">Whether it holds for events that are loaded later too.</param>
    /// <param name="problem">Empty when all went well.</param>
    [NonEvent]
    private void Done(string id, long count, bool isKept, string problem) =>
        Answer(string.Create(CultureInfo.InvariantCulture, $"ringtrace-control:{id}\n{count}\n{isKept}\n{problem}"));

    private static RecorderCommand Decode(string base64)
    {
        byte[] text = new byte[CommandPage.MaxText];
        return Convert.TryFromBase64String(base64, text, out int length) && CommandText.ReadCommand(text.AsSpan(0, length)) is { } command
            ? command
            : throw new FormatException("This is no command that the recorder knows.");
    }

    private static TimeSpan Seconds(string text) =>
        double.TryParse(text.TrimEnd('s'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
        && seconds < TimeSpan.MaxValue.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : throw new FormatException($"last={text} is not a number of seconds, such as 10s.");
}
