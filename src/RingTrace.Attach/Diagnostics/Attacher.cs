using System.Diagnostics;
using System.Globalization;

namespace RingTrace.Attach;

/// <summary>Loads a recorder into a running .NET process that knows nothing of it.</summary>
public static class Attacher
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(100);

    /// <summary>The assembly that is loaded; its folder holds all that it needs.</summary>
    public static string HookPath { get; } = Path.Combine(AppContext.BaseDirectory, "hook", "RingTrace.StartupHook.dll");

    /// <summary>Loads the recorder and waits until it records, ten seconds at most.</summary>
    /// <param name="pid">The process, as this one numbers it.</param>
    /// <param name="hook">The assembly to load, as the target sees it too; null for <see cref="HookPath"/>.</param>
    /// <returns>The recorder.</returns>
    /// <exception cref="AttachException">It can't be; says why, and what to do.</exception>
    public static FoundRecorder Attach(int pid, string? hook = null)
    {
        DotnetProcess process = Find(pid, RecorderFinder.Find());
        hook = Path.GetFullPath(hook ?? HookPath);
        if (!File.Exists(hook))
        {
            throw new AttachException($"{hook} is missing: it belongs beside the tool.");
        }

        // What is not found, or may not be read, would end the process: the runtime throws, on a thread where nobody catches.
        ProcessStatus? status = ProcessStatus.TryRead(pid);
        if (!File.Exists(status?.Root + hook))
        {
            throw Refused(process, $"it sees another file system, without {hook}: run the tool where the process runs");
        }

        if (!status!.MayRead(hook))
        {
            throw Refused(process, string.Create(
                CultureInfo.InvariantCulture, $"its user (uid {status.UserId}) may not read {hook}: put the tool where it may"));
        }

        using DiagnosticSession session = new(process.Port!, "RingTrace-Attach", []);
        process.Port!.CallAsync(async (client, cancel) =>
        {
            await client.ApplyStartupHookAsync(hook, cancel).ConfigureAwait(false);
            return true;
        }).GetAwaiter().GetResult();
        for (Stopwatch waited = Stopwatch.StartNew(); waited.Elapsed < Patience;)
        {
            // A refusal comes by the session alone; a recorder can be seen even where event sources are switched off.
            string? refusal = session.Wait("ringtrace-attach:", LookPeriod);
            if (refusal is { Length: > 0 })
            {
                throw Refused(process, refusal);
            }

            if (RecorderFinder.Find().FirstOrDefault(recorder => recorder.ProcessId == pid && recorder.State == RecorderState.Live)
                is { } found)
            {
                return found;
            }

            // The session answers at once when it has said all.
            Thread.Sleep(LookPeriod);
        }

        throw Refused(
            process,
            $"the runtime took the startup hook and did not run it within {Patience.TotalSeconds} s: hooks are switched off "
            + "(System.StartupHookProvider.IsSupported=false, as in every trimmed program), or it hangs");
    }

    /// <summary>The process, if a recorder can be loaded into it.</summary>
    internal static DotnetProcess Find(int pid, IReadOnlyList<FoundRecorder> recorders)
    {
        if (ProcessStatus.TryRead(pid) is null)
        {
            throw new AttachException(string.Create(CultureInfo.InvariantCulture, $"There is no process {pid}: see ringtrace ps."));
        }

        using CancellationTokenSource deadline = new(DiagnosticPort.Patience);
        DotnetProcess? seen = DotnetProcess.OfAsync(pid, recorders, deadline.Token).GetAwaiter().GetResult();
        DotnetProcess process = seen ?? throw new AttachException(string.Create(
            CultureInfo.InvariantCulture, $"Process {pid} is not one of .NET, or it may not be looked into: see ringtrace ps."));
        return process.Refusal is { } refusal ? throw Refused(process, refusal) : process;
    }

    private static AttachException Refused(DotnetProcess process, string why) => new(string.Create(
        CultureInfo.InvariantCulture, $"Process {process.ProcessId} ({process.Name}) can't be attached to: {why}."));
}
