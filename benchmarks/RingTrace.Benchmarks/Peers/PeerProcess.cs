using System.Diagnostics;
using System.Globalization;
using RingTrace.Benchmarks.Workloads;

namespace RingTrace.Benchmarks.Peers;

/// <summary>A contender's process: waits for a line between repetitions. See <see cref="WorkloadHost"/>.</summary>
internal sealed class PeerProcess : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReplyTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ExitTimeout = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private bool _isDisposed;

    private PeerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>What it said of itself when it was ready.</summary>
    public string Description { get; private set; } = "";

    /// <exception cref="PeerException">It says that it can't run here, or ends, or does not answer.</exception>
    public static async Task<PeerProcess> StartAsync(ProcessStartInfo start, CancellationToken cancel)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        PeerProcess peer = new(OtherProgram.Begin(start));
        try
        {
            string line = await peer.ReadLineAsync(StartTimeout, cancel);
            peer.Description = line.StartsWith(WorkloadHost.Ready, StringComparison.Ordinal)
                ? line[WorkloadHost.Ready.Length..].Trim()
                : throw new PeerException(WithoutSkip(line));
            return peer;
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }

    /// <summary>One repetition.</summary>
    /// <exception cref="PeerException">It has no such event, or went away.</exception>
    public async Task<PeerReply> MeasureAsync(string payload, int threads, TimeSpan duration, CancellationToken cancel) =>
        PeerReply.Parse(await AskAsync(
            string.Create(CultureInfo.InvariantCulture, $"{payload} {threads} {duration.TotalMilliseconds:F0}"), cancel));

    /// <exception cref="PeerException">It refuses, or went away.</exception>
    public async Task<string> AskAsync(string request, CancellationToken cancel)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(request.AsMemory(), cancel);
            await _process.StandardInput.FlushAsync(cancel);
        }
        catch (IOException)
        {
            throw new PeerException("it ended too early");
        }

        string line = await ReadLineAsync(ReplyTimeout, cancel);
        return line.StartsWith(WorkloadHost.Skip, StringComparison.Ordinal)
            ? throw new PeerException(WithoutSkip(line)) : line;
    }

    /// <summary>Ends it: by the end of its input, or by force.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It is gone already.
        }

        if (!_process.WaitForExit(ExitTimeout))
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static string WithoutSkip(string line) =>
        line.StartsWith(WorkloadHost.Skip, StringComparison.Ordinal) ? line[WorkloadHost.Skip.Length..].Trim() : line;

    private async Task<string> ReadLineAsync(TimeSpan timeout, CancellationToken cancel)
    {
        try
        {
            return await _process.StandardOutput.ReadLineAsync(cancel).AsTask().WaitAsync(timeout, cancel)
                ?? throw new PeerException("it ended too early");
        }
        catch (TimeoutException)
        {
            throw new PeerException($"it did not answer within {timeout.TotalSeconds:F0} s");
        }
    }
}

/// <summary>Why a peer is left out.</summary>
internal sealed class PeerException(string message) : Exception(message);
