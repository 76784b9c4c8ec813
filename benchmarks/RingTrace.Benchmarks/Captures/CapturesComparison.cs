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

/// <summary>Our capture reader and libpcap's, each a process that stays.</summary>
internal sealed class CapturesComparison(string directory, int pairs, double scale, Action<string> progress)
{
    public const string PcapLoop = "pcap_loop";
    private const int SmallPackets = 5_000_000;
    private const int MixedPackets = 2_000_000;
    private const int SmallSnap = 96;
    private const int FullSnap = 262_144;
    private const double LeastRatio = 1;
    private const double MostMebibytes = 64;

    public async Task<CaptureFindings> RunAsync(CancellationToken cancel)
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        using PeerProcess peer = await LibpcapPeer.StartAsync(temporary, cancel);
        using PeerProcess own = await PeerProcess.StartAsync(OtherProgram.StartItself(CapturesChild.Argument), cancel);
        PairedPasses passes = new(pairs, progress);
        List<CaptureResult> results = [];
        foreach ((string name, string path, CaptureTotals totals) in Make())
        {
            foreach (string how in (string[])[CapturesChild.Count, CapturesChild.Decode])
            {
                CaptureTotals expected = how == CapturesChild.Count ? totals.WithoutTuples : totals;
                results.Add(await passes.CompareAsync($"{how}, {name}", 1, new(own, how), new(peer, how), PcapLoop, path, expected, cancel));
            }
        }

        Bar[] goals =
        [
            .. results.Select(row => new Bar($"{row.Name}: {LeastRatio:F1} x pcap_loop", row.RatioMedian, LeastRatio, AtLeast: true)),
            new("bytes allocated by a packet (all in all: 0.001)", results.Max(row => row.BytesPerPacket), 0.001),
            new("peak memory, MiB", (double)passes.PeakBytes / (1 << 20), MostMebibytes),
        ];
        return new CaptureFindings(Machine.Describe(), peer.Description, results, passes.PeakBytes, goals);
    }

    /// <summary>Makes the captures that are read, one after the other.</summary>
    /// <returns>What each is called, its file, and what is in it.</returns>
    public IEnumerable<(string Name, string Path, CaptureTotals Totals)> Make()
    {
        foreach ((string name, int packets, int snap) in ((string, int, int)[])[
            ("small", SmallPackets, SmallSnap), ("mixed", MixedPackets, FullSnap)])
        {
            progress($"making the capture of {name} packets");
            string path = Path.Combine(directory, name + ".pcap");
            yield return (name, path, TrafficMaker.Make(path, (int)(packets * scale), snap));
        }
    }
}
