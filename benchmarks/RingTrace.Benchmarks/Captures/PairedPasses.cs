using System.Globalization;
using RingTrace.Benchmarks.Measuring;
using RingTrace.Benchmarks.Peers;

namespace RingTrace.Benchmarks.Captures;

/// <summary>A row: a way to read a capture, ours, and another one beside it.</summary>
/// <param name="Name">What was done to which capture.</param>
/// <param name="Threads">How many of ours did it.</param>
/// <param name="PpsMedian">Our packets per second, over all rounds.</param>
/// <param name="PpsMin">The slowest round.</param>
/// <param name="RatioMedian">Ours by the other's of the same pair.</param>
/// <param name="RatioMin">The least of these.</param>
/// <param name="Beside">The other one.</param>
/// <param name="PeerPpsMedian">Its packets per second.</param>
/// <param name="BytesPerPacket">Managed bytes that a packet allocates, at the most of all rounds, once all is running.</param>
internal sealed record CaptureResult(
    string Name,
    int Threads,
    double PpsMedian,
    double PpsMin,
    double RatioMedian,
    double RatioMin,
    string Beside,
    double PeerPpsMedian,
    double BytesPerPacket);

/// <summary>A process and what it is asked to do.</summary>
/// <param name="Process">The process.</param>
/// <param name="How">The request, before the capture's name.</param>
internal sealed record PassRequest(PeerProcess Process, string How);

/// <summary>Two ways to read the same capture, in turn; whose turn is first changes with each pair.</summary>
internal sealed class PairedPasses(int pairs, Action<string> progress)
{
    /// <summary>Before any is counted: until the code is compiled for good, and the files are in the page cache.</summary>
    private const int WarmPasses = 3;

    /// <summary>The most memory that a process of ours ever had.</summary>
    public long PeakBytes { get; private set; }

    /// <param name="name">The row's name.</param>
    /// <param name="threads">How many threads ours is.</param>
    /// <param name="mine">Ours.</param>
    /// <param name="other">What it is compared with.</param>
    /// <param name="beside">The other's name.</param>
    /// <param name="path">The capture.</param>
    /// <param name="totals">What both must find.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="PeerException">One refuses, or does not find what is there.</exception>
    public async Task<CaptureResult> CompareAsync(
        string name, int threads, PassRequest mine, PassRequest other, string beside, string path, CaptureTotals totals, CancellationToken cancel)
    {
        for (int pass = 0; pass < WarmPasses; pass++)
        {
            await PassAsync(mine, path, totals, cancel);
            await PassAsync(other, path, totals, cancel);
        }

        List<double> speeds = [];
        List<double> others = [];
        double allocated = 0;
        for (int pair = 0; pair < pairs; pair++)
        {
            progress($"{name}: pair {pair + 1} of {pairs}");
            Pass? before = pair % 2 == 0 ? null : await PassAsync(other, path, totals, cancel);
            Pass own = await PassAsync(mine, path, totals, cancel);
            Pass its = before ?? await PassAsync(other, path, totals, cancel);
            speeds.Add(totals.Packets / own.Seconds);
            others.Add(totals.Packets / its.Seconds);
            allocated = Math.Max(allocated, (double)own.Allocated / totals.Packets);
            PeakBytes = Math.Max(PeakBytes, own.Peak);
        }

        List<double> ratios = [.. speeds.Zip(others, (own, its) => own / its)];
        return new CaptureResult(
            name,
            threads,
            Math.Round(Statistic.MedianOf(speeds)),
            Math.Round(speeds.Min()),
            Math.Round(Statistic.MedianOf(ratios), 3),
            Math.Round(ratios.Min(), 3),
            beside,
            Math.Round(Statistic.MedianOf(others)),
            Math.Round(allocated, 4));
    }

    private static async Task<Pass> PassAsync(PassRequest request, string path, CaptureTotals totals, CancellationToken cancel)
    {
        string[] words = (await request.Process.AskAsync($"{request.How} {path}", cancel)).Split(' ');
        CaptureTotals found = CaptureTotals.Parse(words);
        return found != totals
            ? throw new PeerException($"{request.Process.Description} found {found} in {path}; there are {totals}")
            : new Pass(
                double.Parse(words[5], CultureInfo.InvariantCulture) / 1e9,
                words.Length > 6 ? long.Parse(words[6], CultureInfo.InvariantCulture) : 0,
                words.Length > 7 ? long.Parse(words[7], CultureInfo.InvariantCulture) : 0);
    }

    private readonly record struct Pass(double Seconds, long Allocated, long Peak);
}
