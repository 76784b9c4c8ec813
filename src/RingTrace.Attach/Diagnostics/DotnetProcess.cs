using System.Globalization;
using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace.Attach;

/// <summary>A .NET process, whether or not it has a recorder.</summary>
/// <param name="ProcessId">As this process numbers it.</param>
/// <param name="Name">Of its program.</param>
/// <param name="RuntimeVersion">Null when the runtime can't be asked.</param>
/// <param name="Refusal">Why no recorder can be loaded into it, in one line; null when one can, as far as can be seen.</param>
public sealed record DotnetProcess(int ProcessId, string Name, string? RuntimeVersion, string? Refusal)
{
    private const int OldestRuntime = 10;

    /// <summary>Whether a recorder can be loaded into it, as far as can be seen.</summary>
    public bool IsAttachable => Refusal is null;

    internal DiagnosticPort? Port { get; private init; }

    /// <summary>Looks at one process; null when it is none of .NET, or gone.</summary>
    /// <param name="pid">Which.</param>
    /// <param name="recorders">The recorders that there are.</param>
    /// <param name="cancel">When its runtime is no longer waited for.</param>
    internal static async Task<DotnetProcess?> OfAsync(int pid, IReadOnlyList<FoundRecorder> recorders, CancellationToken cancel)
    {
        if (ProcessStatus.TryRead(pid) is not { } status || !ProcessIdentity.TryGetStartTime(pid, out ulong startTime))
        {
            return null;
        }

        DotnetProcess found = new(pid, status.Name, null, null);
        if (status.UserId != Libc.GetEffectiveUser() && Libc.GetEffectiveUser() != 0)
        {
            // Of another's process neither files nor mappings may be seen; its port's name may, where directories are shared.
            return !Path.Exists(status.DiagnosticSocketIn("/tmp", startTime)) ? null : found with
            {
                Refusal = string.Create(
                    CultureInfo.InvariantCulture, $"it is another user's (uid {status.UserId}): ask as that user, or as root"),
            };
        }

        string path = status.DiagnosticSocket(startTime);
        bool isSeen = Path.Exists(path);
        if (!isSeen && !status.HasLoaded("libcoreclr.so"))
        {
            return null;
        }

        if (!isSeen)
        {
            return found with { Refusal = "its diagnostics port is closed (DOTNET_EnableDiagnostics=0, or DOTNET_EnableDiagnostics_IPC=0)" };
        }

        if (VisibleProcesses.IsStopped(pid))
        {
            return found with { Refusal = "it is stopped, by a signal or a debugger: let it go on first (kill -CONT)" };
        }

        try
        {
            return await (found with { Port = new DiagnosticPort(path, pid) }).AskedAsync(recorders, cancel).ConfigureAwait(false);
        }
        catch (AttachException e)
        {
            return found with { Refusal = e.Message };
        }
    }

    /// <summary>What the runtime says of itself.</summary>
    private async Task<DotnetProcess> AskedAsync(IReadOnlyList<FoundRecorder> recorders, CancellationToken cancel)
    {
        byte[] info = await Port!.AskAsync(cancel).ConfigureAwait(false);
        int at = sizeof(long) + 16; // the process's number and a cookie
        _ = DiagnosticPort.Read(info, ref at); // its command line
        _ = DiagnosticPort.Read(info, ref at); // the operating system
        string architecture = DiagnosticPort.Read(info, ref at);
        string program = DiagnosticPort.Read(info, ref at);
        string version = DiagnosticPort.Read(info, ref at);
        string ours = RuntimeInformation.ProcessArchitecture.ToString();
        string? refusal =
            !int.TryParse(version.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            || major < OldestRuntime ? $"its runtime is {version}: it needs .NET {OldestRuntime}"
            : !architecture.Equals(ours, StringComparison.OrdinalIgnoreCase) ? $"it runs as {architecture}, this tool as {ours}"
            : recorders.Any(recorder => recorder.ProcessId == ProcessId && recorder.State is RecorderState.Live or RecorderState.Hung)
                ? "it has a recorder already"
            : null;
        return this with { Name = program.Length > 0 ? program : Name, RuntimeVersion = version, Refusal = refusal };
    }
}

/// <summary>The .NET processes of this machine, as far as they can be seen.</summary>
public static class DotnetProcesses
{
    /// <summary>
    /// All but this one, by their numbers. Thread-safe; as of now. Asks them all at once, and waits three seconds at most.
    /// </summary>
    /// <param name="recorders">The recorders that there are; null to look for them.</param>
    public static IReadOnlyList<DotnetProcess> Find(IReadOnlyList<FoundRecorder>? recorders = null)
    {
        recorders ??= RecorderFinder.Find();
        using CancellationTokenSource deadline = new(DiagnosticPort.Patience);
        DotnetProcess?[] all = Task.WhenAll(VisibleProcesses.Numbers()
            .Where(pid => pid != Environment.ProcessId)
            .Order()
            .Select(pid => DotnetProcess.OfAsync(pid, recorders, deadline.Token))).GetAwaiter().GetResult();
        return [.. all.OfType<DotnetProcess>()];
    }
}
