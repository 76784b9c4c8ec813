using RingTrace.Benchmarks.Compare;
using RingTrace.Benchmarks.Peers;

namespace RingTrace.Benchmarks.Captures;

/// <summary>What a comparison of captures found.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Peer">libpcap's version.</param>
/// <param name="Results">The rows.</param>
/// <param name="PeakBytes">The most memory that our process ever had.</param>
/// <param name="Goals">The project's goals.</param>
internal sealed record CaptureFindings(
    Machine Machine, string Peer, IReadOnlyList<CaptureResult> Results, long PeakBytes, IReadOnlyList<Bar> Goals);

/// <summary>What a comparison with libpcap's loop needs: a process of each that stays, captures, and what was found so far.</summary>
internal sealed class CaptureContest : IDisposable
{
    public const string PcapLoop = "pcap_loop";
    private const int SmallPackets = 5_000_000;
    private const int MixedPackets = 2_000_000;
    private const int SmallSnap = 96;
    private const int FullSnap = 262_144;
    private const double MostBytesPerPacket = 0.001;

    private readonly PairedPasses _passes;
    private readonly string _directory;
    private readonly double _scale;
    private readonly Action<string> _progress;
    private readonly List<CaptureResult> _results = [];

    private CaptureContest(PeerProcess peer, PeerProcess own, string directory, int pairs, double scale, Action<string> progress)
    {
        (Peer, Own, _directory, _scale, _progress) = (peer, own, directory, scale, progress);
        _passes = new PairedPasses(pairs, progress);
    }

    public PeerProcess Peer { get; }

    public PeerProcess Own { get; }

    public IReadOnlyList<CaptureResult> Results => _results;

    /// <param name="directory">Where the captures are made.</param>
    /// <param name="pairs">How often each is read by both.</param>
    /// <param name="scale">Of the captures' packets, this part.</param>
    /// <param name="progress">Told what goes on.</param>
    /// <param name="cancel">Ends it.</param>
    public static async Task<CaptureContest> StartAsync(
        string directory, int pairs, double scale, Action<string> progress, CancellationToken cancel)
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        PeerProcess peer = await LibpcapPeer.StartAsync(temporary, cancel);
        try
        {
            PeerProcess own = await PeerProcess.StartAsync(OtherProgram.StartItself(CapturesChild.Argument), cancel);
            return new CaptureContest(peer, own, directory, pairs, scale, progress);
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }

    /// <summary>Makes the captures that are read, one after the other.</summary>
    /// <returns>What each is called, its file, and what is in it.</returns>
    public IEnumerable<(string Name, string Path, CaptureTotals Totals)> Captures()
    {
        foreach ((string name, int packets, int snap) in ((string, int, int)[])[
            ("small", SmallPackets, SmallSnap), ("mixed", MixedPackets, FullSnap)])
        {
            _progress($"making the capture of {name} packets");
            string path = Path.Combine(_directory, name + ".pcap");
            yield return (name, path, TrafficMaker.Make(path, (int)(packets * _scale), snap));
        }
    }

    /// <summary>As <see cref="PairedPasses.CompareAsync"/>; the row is kept.</summary>
    public async Task<CaptureResult> CompareAsync(
        string name, int threads, PassRequest mine, PassRequest other, string beside, string path, CaptureTotals totals, CancellationToken cancel)
    {
        _results.Add(await _passes.CompareAsync(name, threads, mine, other, beside, path, totals, cancel));
        return _results[^1];
    }

    /// <summary>All that was found, with the goals of every comparison behind those of this one.</summary>
    public CaptureFindings Found(IEnumerable<Bar> goals, double mostMebibytes) => new(
        Machine.Describe(), Peer.Description, _results, _passes.PeakBytes,
        [
            .. goals,
            new($"bytes allocated by a packet (all in all: {MostBytesPerPacket})", _results.Max(row => row.BytesPerPacket), MostBytesPerPacket),
            new("peak memory, MiB", (double)_passes.PeakBytes / (1 << 20), mostMebibytes),
        ]);

    public void Dispose()
    {
        Own.Dispose();
        Peer.Dispose();
    }
}
