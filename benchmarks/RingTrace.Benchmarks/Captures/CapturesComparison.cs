using RingTrace.Benchmarks.Compare;

namespace RingTrace.Benchmarks.Captures;

/// <summary>Our capture reader beside libpcap's loop.</summary>
internal static class CapturesComparison
{
    private const double LeastRatio = 1;
    private const double MostMebibytes = 64;

    public static async Task<CaptureFindings> RunAsync(CaptureContest contest, CancellationToken cancel)
    {
        foreach ((string name, string path, CaptureTotals totals) in contest.Captures())
        {
            foreach (string how in (string[])[CapturesChild.Count, CapturesChild.Decode])
            {
                CaptureTotals expected = how == CapturesChild.Count ? totals.WithoutTuples : totals;
                await contest.CompareAsync(
                    $"{how}, {name}", 1, new(contest.Own, how), new(contest.Peer, how), CaptureContest.PcapLoop, path, expected, cancel);
            }
        }

        return contest.Found(
            contest.Results.Select(row => new Bar($"{row.Name}: {LeastRatio:F1} x pcap_loop", row.RatioMedian, LeastRatio, AtLeast: true)),
            MostMebibytes);
    }
}
