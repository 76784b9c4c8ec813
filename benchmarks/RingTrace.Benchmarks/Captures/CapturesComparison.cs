using System.Globalization;
using RingTrace.Benchmarks.Compare;
using RingTrace.Benchmarks.Measuring;
using RingTrace.Benchmarks.Peers;

namespace RingTrace.Benchmarks.Captures;

/// <summary>A row: a way to read a capture, ours, and libpcap's beside it.</summary>
/// <param name="Name">What was done to which capture.</param>
/// <param name="Threads">How many of ours did it.</param>
/// <param name="PpsMedian">Our packets per second, over all rounds.</param>
/// <param name="PpsMin">The slowest round.</param>
/// <param name="RatioMedian">Ours by libpcap's of the same pair.</param>
/// <param name="PeerPpsMedian">libpcap's packets per second.</param>
/// <param name="BytesPerPacket">Managed bytes that a packet allocates, at the most of all rounds, once the blocks are there.</param>
internal sealed record CaptureResult(
    string Name, int Threads, double PpsMedian, double PpsMin, double RatioMedian, double PeerPpsMedian, double BytesPerPacket);

/// <summary>What the comparison found.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Peer">libpcap's version.</param>
/// <param name="Results">The rows.</param>
/// <param name="PeakBytes">The most memory that our process ever had.</param>
/// <param name="Goals">The project's goals.</param>
internal sealed record CaptureFindings(
    Machine Machine, string Peer, IReadOnlyList<CaptureResult> Results, long PeakBytes, IReadOnlyList<Bar> Goals);

/// <summary>Reads the same captures by two processes in turn; whose turn is first changes with each pair.</summary>
internal sealed class CapturesComparison(string directory, int pairs, double scale, Action<string> progress)
{
    private const int SmallPackets = 5_000_000;
    private const int MixedPackets = 2_000_000;
    private const int SmallSnap = 96;
    private const int FullSnap = 262_144;
    private const double LeastRatio = 1;
    private const double MostMebibytes = 64;

    private long _peak;

    public async Task<CaptureFindings> RunAsync(CancellationToken cancel)
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        using PeerProcess peer = await LibpcapPeer.StartAsync(temporary, cancel);
        using PeerProcess own = await PeerProcess.StartAsync(OtherProgram.StartItself(CapturesChild.Argument), cancel);
        List<CaptureResult> results = [];
        foreach ((string name, int packets, int snap) in ((string, int, int)[])[
            ("small", SmallPackets, SmallSnap), ("mixed", MixedPackets, FullSnap)])
        {
            progress($"making the capture of {name} packets");
            string path = Path.Combine(directory, name + ".pcap");
            CaptureTotals totals = TrafficMaker.Make(path, (int)(packets * scale), snap);
            foreach (string how in (string[])[CapturesChild.Count, CapturesChild.Decode])
            {
                results.Add(await CompareAsync(
                    $"{how}, {name}", how, path, how == CapturesChild.Count ? totals.WithoutTuples : totals, own, peer, cancel));
            }
        }

        Bar[] goals =
        [
            .. results.Select(row => new Bar($"{row.Name}: {LeastRatio:F1} x pcap_loop", row.RatioMedian, LeastRatio, AtLeast: true)),
            new("bytes allocated by a packet (all in all: 0.001)", results.Max(row => row.BytesPerPacket), 0.001),
            new("peak memory, MiB", (double)_peak / (1 << 20), MostMebibytes),
        ];
        return new CaptureFindings(Machine.Describe(), peer.Description, results, _peak, goals);
    }

    private async Task<CaptureResult> CompareAsync(
        string name, string how, string path, CaptureTotals totals, PeerProcess own, PeerProcess peer, CancellationToken cancel)
    {
        await PassAsync(own, how, path, totals, cancel);
        await PassAsync(peer, how, path, totals, cancel);
        List<double> speeds = [];
        List<double> peers = [];
        double allocated = 0;
        for (int pair = 0; pair < pairs; pair++)
        {
            progress($"{name}: pair {pair + 1} of {pairs}");
            Pass? before = pair % 2 == 0 ? null : await PassAsync(peer, how, path, totals, cancel);
            Pass mine = await PassAsync(own, how, path, totals, cancel);
            Pass other = before ?? await PassAsync(peer, how, path, totals, cancel);
            speeds.Add(totals.Packets / mine.Seconds);
            peers.Add(totals.Packets / other.Seconds);
            allocated = Math.Max(allocated, (double)mine.Allocated / totals.Packets);
            _peak = Math.Max(_peak, mine.Peak);
        }

        return new CaptureResult(
            name,
            1,
            Math.Round(Statistic.MedianOf(speeds)),
            Math.Round(speeds.Min()),
            Math.Round(Statistic.MedianOf(speeds.Zip(peers, (mine, other) => mine / other)), 3),
            Math.Round(Statistic.MedianOf(peers)),
            Math.Round(allocated, 4));
    }

    /// <exception cref="PeerException">It refuses, or does not find what is there.</exception>
    private static async Task<Pass> PassAsync(PeerProcess process, string how, string path, CaptureTotals totals, CancellationToken cancel)
    {
        string[] words = (await process.AskAsync($"{how} {path}", cancel)).Split(' ');
        CaptureTotals found = CaptureTotals.Parse(words);
        return found != totals
            ? throw new PeerException($"{process.Description} found {found} in {path}; there are {totals}")
            : new Pass(
                double.Parse(words[5], CultureInfo.InvariantCulture) / 1e9,
                words.Length > 6 ? long.Parse(words[6], CultureInfo.InvariantCulture) : 0,
                words.Length > 7 ? long.Parse(words[7], CultureInfo.InvariantCulture) : 0);
    }

    private readonly record struct Pass(double Seconds, long Allocated, long Peak);
}
