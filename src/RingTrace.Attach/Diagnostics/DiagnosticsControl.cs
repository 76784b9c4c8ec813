using System.Globalization;

namespace RingTrace.Attach;

/// <summary>
/// Commands to the recorders of a process by way of its runtime's diagnostics port: the second way, where the rings'
/// own files can't be reached. The process must be able to run. Thread-safe.
/// </summary>
public static class DiagnosticsControl
{
    private static readonly TimeSpan HearPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WorkPatience = TimeSpan.FromMinutes(5);

    /// <summary>Lets the process write a snapshot itself.</summary>
    /// <param name="pid">The process, as this one numbers it.</param>
    /// <param name="path">A directory that does not exist yet, in the process's own file system.</param>
    /// <param name="last">Only packets that end within this time before now; null for all.</param>
    /// <param name="reason">Why, for the trace's reader.</param>
    /// <returns>The bytes of packets written.</returns>
    /// <exception cref="AttachException">It can't be; says why.</exception>
    public static long Snapshot(int pid, string path, TimeSpan? last = null, string? reason = null)
    {
        List<(string, string)> arguments = [("snapshot", Path.GetFullPath(path))];
        if (last is { } span)
        {
            arguments.Add(("last", span.TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture) + "s"));
        }

        if (reason is not null)
        {
            arguments.Add(("reason", reason));
        }

        return Send(pid, arguments).Count;
    }

    /// <summary>Tells all recorders of a process what to do.</summary>
    /// <param name="pid">The process, as this one numbers it.</param>
    /// <param name="command">What to do.</param>
    /// <exception cref="AttachException">It can't be; says why.</exception>
    public static RecorderAnswer Send(int pid, RecorderCommand command)
    {
        (long count, bool isKept) = Send(pid, [("command", Convert.ToBase64String(CommandText.Write(command)))]);
        return new RecorderAnswer((int)count, isKept, Problem: null);
    }

    private static (long Count, bool IsKept) Send(int pid, List<(string Key, string Value)> arguments)
    {
        DiagnosticPort port = Attacher.Find(pid, []).Port!;
        string id = Guid.NewGuid().ToString("N");
        using DiagnosticSession session = new(port, "RingTrace-Control", [("id", id), .. arguments]);
        if (session.Wait($"ringtrace-control-heard:{id}", HearPatience) is null)
        {
            throw new AttachException(string.Create(
                CultureInfo.InvariantCulture,
                $"No recorder of process {pid} answers: it has none, event sources are switched off, or it is busy or hangs."));
        }

        string answer = session.Wait($"ringtrace-control:{id}\n", WorkPatience)
            ?? throw new AttachException(string.Create(CultureInfo.InvariantCulture, $"Process {pid} does not carry out the command."));

        // Count, kept, problem.
        string[] parts = answer.Split('\n', 3);
        return parts is [string number, string kept, ""]
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long count) && bool.TryParse(kept, out bool isKept)
            ? (count, isKept)
            : throw new AttachException(string.Create(CultureInfo.InvariantCulture, $"Process {pid} answers: {parts[^1]}"));
    }
}
