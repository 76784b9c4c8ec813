using RingTrace.Benchmarks.Captures;
using RingTrace.Benchmarks.Compare;

namespace RingTrace.Benchmarks.Pipelines;

/// <summary>Pipelines over captures beside libpcap's loop.</summary>
internal static class PipelineComparison
{
    private const int WorkNs = 500;
    private const double MostMebibytes = 200;

    public static async Task<CaptureFindings> RunAsync(CaptureContest contest, CancellationToken cancel)
    {
        List<Bar> goals = [];
        PassRequest pcap = new(contest.Peer, CapturesChild.Decode);
        foreach ((string capture, string path, CaptureTotals totals) in contest.Captures())
        {
            string suffix = contest.Results.Count == 0 ? "" : $", {capture}";
            await Row("serial", 1, new(contest.Own, CapturesChild.Decode), pcap, CaptureContest.PcapLoop, least: null);
            await Row("bi-unordered", 2, Pipeline("bi-unordered", 2), pcap, CaptureContest.PcapLoop, least: 1.0);
            await Row("bi-ordered", 2, Pipeline("bi-ordered", 2), pcap, CaptureContest.PcapLoop, least: 0.5);
            await Row("balance-unordered", 2, Pipeline("balance-unordered", 2), pcap, CaptureContest.PcapLoop, least: null);
            await Row("bi-unordered", 1, Pipeline("bi-unordered", 1), new(contest.Own, CapturesChild.Decode), "serial", least: 0.9);
            PassRequest alone = Pipeline("balance-unordered", 1, WorkNs);
            await Row("balance-unordered, 500 ns", 2, Pipeline("balance-unordered", 2, WorkNs), alone, "one thread", least: 1.7);
            await Row("bi-unordered, 500 ns", 2, Pipeline("bi-unordered", 2, WorkNs), alone, "one thread", least: null);

            async Task Row(string name, int threads, PassRequest mine, PassRequest other, string beside, double? least)
            {
                CaptureResult row = await contest.CompareAsync(name + suffix, threads, mine, other, beside, path, totals, cancel);
                if (least is { } limit)
                {
                    goals.Add(new Bar($"{row.Name}, {threads} threads: {limit:F1} x {beside}", row.RatioMedian, limit, AtLeast: true));
                }
            }
        }

        return contest.Found(goals, MostMebibytes);

        PassRequest Pipeline(string kind, int threads, int work = 0) => new(contest.Own, $"{kind}/{threads}/{work}");
    }
}
