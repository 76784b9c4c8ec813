using System.Diagnostics;
using System.Globalization;
using RingTrace.Attach;
using RingTrace.Benchmarks.Peers;
using RingTrace.Buffers;

namespace RingTrace.Benchmarks.Outside;

/// <summary>A <see cref="PacedChild"/> that runs, and its recorder.</summary>
internal sealed class PacedService : IDisposable
{
    private const int MemoryBytes = 64 << 20;

    private readonly PeerProcess _process;

    private PacedService(PeerProcess process, FoundRecorder found) => (_process, Found) = (process, found);

    public int Id => _process.Id;

    /// <summary>Its recorder, as anybody finds it.</summary>
    public FoundRecorder Found { get; }

    /// <summary>Who writes, by which clock.</summary>
    public string Description => _process.Description;

    /// <summary>Starts one with 64 MiB of rings.</summary>
    /// <param name="mode">What its rings do when they are full.</param>
    /// <param name="rings">Where they are.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<PacedService> StartAsync(RingMode mode, string rings, CancellationToken cancel)
    {
        ProcessStartInfo start = OtherProgram.StartItself(
            PacedChild.Argument, mode.ToString(), MemoryBytes.ToString(CultureInfo.InvariantCulture));
        start.Environment["RINGTRACE_DIR"] = rings;
        PeerProcess process = await PeerProcess.StartAsync(start, cancel);
        return new PacedService(process, RecorderFinder.Find(rings).Single(recorder => recorder.ProcessId == process.Id));
    }

    /// <summary>Has it emit events.</summary>
    /// <param name="rate">Events a second of all threads together; 0 for as many as there can be.</param>
    /// <param name="length">For how long.</param>
    /// <param name="threads">Each on a CPU of its own.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<PeerReply> EmitAsync(int rate, TimeSpan length, int threads, CancellationToken cancel) => PeerReply.Parse(
        await _process.AskAsync(string.Create(CultureInfo.InvariantCulture, $"{rate} {length.TotalMilliseconds:F0} {threads}"), cancel));

    /// <summary>It ends its recorder, then itself.</summary>
    public void Dispose() => _process.Dispose();
}
