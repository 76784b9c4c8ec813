using System.Diagnostics;

namespace RingTrace.Benchmarks.Peers;

/// <summary>
/// An LTTng session in snapshot mode, and the session daemon, with a home of its own. Its snapshots go to memory. A
/// daemon of this user that runs already is used and left running: there can be but one.
/// </summary>
/// <param name="subBufferSize">As the command line of LTTng has it.</param>
/// <param name="subBufferCount">Per CPU.</param>
internal sealed class LttngSession(string subBufferSize, int subBufferCount) : IAsyncDisposable
{
    private const int Terminate = 15;
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(10);

    private readonly string _name = $"ringtrace-compare-{Environment.ProcessId}";
    private readonly TemporaryDirectory _snapshots = TemporaryDirectory.CreateInMemory();
    private Process? _daemon;
    private bool _created;

    /// <summary>Where the daemon is at home; programs may be run from there, which memory may not allow.</summary>
    public TemporaryDirectory Directory { get; } = TemporaryDirectory.Create();

    /// <exception cref="PeerException">The daemon or the session can't be had.</exception>
    public async Task StartAsync(CancellationToken cancel)
    {
        await StartDaemonAsync(cancel);
        await LttngAsync(cancel, "create", _name, "--snapshot", $"--output={_snapshots["all"]}");
        _created = true;
        await LttngAsync(
            cancel, "enable-channel", "-u", "-s", _name, "--overwrite", "--buffers-uid",
            $"--subbuf-size={subBufferSize}", $"--num-subbuf={subBufferCount}", "channel");
        await LttngAsync(cancel, "enable-event", "-u", "-s", _name, "-c", "channel", "bench:*");
        await LttngAsync(cancel, "start", _name);
    }

    /// <summary>A program in the session's environment.</summary>
    public ProcessStartInfo Start(string program, params IEnumerable<string> arguments)
    {
        ProcessStartInfo start = OtherProgram.Start(program, arguments);
        start.Environment["LTTNG_HOME"] = Directory.Path;
        return start;
    }

    /// <summary>Takes a snapshot, as its user does.</summary>
    public Task SnapshotAsync(CancellationToken cancel) => LttngAsync(cancel, "snapshot", "record", "-s", _name);

    /// <summary>Removes the snapshots.</summary>
    /// <returns>Bytes of their packets.</returns>
    public long RemoveSnapshots()
    {
        DirectoryInfo snapshots = new(_snapshots["all"]);
        long bytes = snapshots.EnumerateFiles("channel_*", SearchOption.AllDirectories)
            .Where(file => file.Directory!.Name != "index").Sum(file => file.Length);
        snapshots.Delete(recursive: true);
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        if (_created)
        {
            try
            {
                await LttngAsync(CancellationToken.None, "destroy", _name, "--no-wait");
            }
            catch (PeerException)
            {
                // The daemon is gone, and the session with it.
            }
        }

        if (_daemon is not null)
        {
            await EndDaemonAsync(_daemon);
        }

        _snapshots.Dispose();
        Directory.Dispose();
    }

    private async Task LttngAsync(CancellationToken cancel, params string[] arguments) =>
        await OtherProgram.RunAsync(Start("lttng", ["--no-sessiond", .. arguments]), cancel);

    private async Task StartDaemonAsync(CancellationToken cancel)
    {
        if (await AnswersAsync(cancel))
        {
            return;
        }

        ProcessStartInfo start = Start("lttng-sessiond", "--no-kernel", "--quiet");
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        _daemon = OtherProgram.Begin(start);
        long begin = Stopwatch.GetTimestamp();
        while (!await AnswersAsync(cancel))
        {
            if (_daemon.HasExited || Stopwatch.GetElapsedTime(begin) > StartTimeout)
            {
                throw new PeerException("the LTTng session daemon does not start");
            }

            await Task.Delay(50, cancel);
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        try
        {
            await LttngAsync(cancel, "list");
            return true;
        }
        catch (PeerException)
        {
            return false;
        }
    }

    /// <summary>It ends its consumers itself when it is asked to end.</summary>
    private static async Task EndDaemonAsync(Process daemon)
    {
        try
        {
            _ = Signals.Send(daemon.Id, Terminate);
            await daemon.WaitForExitAsync().WaitAsync(ExitTimeout);
        }
        catch (TimeoutException)
        {
            daemon.Kill(entireProcessTree: true);
        }

        daemon.Dispose();
    }
}
