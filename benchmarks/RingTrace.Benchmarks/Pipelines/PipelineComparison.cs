using RingTrace.Benchmarks.Captures;
using RingTrace.Benchmarks.Compare;
using RingTrace.Benchmarks.Peers;

namespace RingTrace.Benchmarks.Pipelines;

/// <summary>Pipelines over captures, and libpcap's loop, each a process that stays.</summary>
internal sealed class PipelineComparison(string directory, int pairs, double scale, Action<string> progress)
{
    private const int WorkNs = 500;
    private const double MostMebibytes = 200;

    public async Task<CaptureFindings> RunAsync(CancellationToken cancel)
    {
        using TemporaryDirectory temporary = TemporaryDirectory.Create();
        using PeerProcess peer = await LibpcapPeer.StartAsync(temporary, cancel);
        using PeerProcess own = await PeerProcess.StartAsync(OtherProgram.StartItself(CapturesChild.Argument), cancel);
        PairedPasses passes = new(pairs, progress);
        List<CaptureResult> results = [];
        List<Bar> goals = [];
        PassRequest pcap = new(peer, CapturesChild.Decode);
        foreach ((string capture, string path, CaptureTotals totals) in new CapturesComparison(directory, pairs, scale, progress).Make())
        {
            string suffix = results.Count == 0 ? "" : $", {capture}";
            await Row("serial", 1, new(own, CapturesChild.Decode), pcap, CapturesComparison.PcapLoop, least: null);
            await Row("bi-unordered", 2, Pipeline("bi-unordered", 2), pcap, CapturesComparison.PcapLoop, least: 1.0);
            await Row("bi-ordered", 2, Pipeline("bi-ordered", 2), pcap, CapturesComparison.PcapLoop, least: 0.5);
            await Row("balance-unordered", 2, Pipeline("balance-unordered", 2), pcap, CapturesComparison.PcapLoop, least: null);
            await Row("bi-unordered", 1, Pipeline("bi-unordered", 1), new(own, CapturesChild.Decode), "serial", least: 0.9);
            PassRequest alone = Pipeline("balance-unordered", 1, WorkNs);
            await Row("balance-unordered, 500 ns", 2, Pipeline("balance-unordered", 2, WorkNs), alone, "one thread", least: 1.7);
            await Row("bi-unordered, 500 ns", 2, Pipeline("bi-unordered", 2, WorkNs), alone, "one thread", least: null);

            async Task Row(string name, int threads, PassRequest mine, PassRequest other, string beside, double? least)
            {
                CaptureResult row = await passes.CompareAsync(name + suffix, threads, mine, other, beside, path, totals, cancel);
                results.Add(row);
                if (least is { } limit)
                {
                    goals.Add(new Bar($"{row.Name}, {threads} threads: {limit:F1} x {beside}", row.RatioMedian, limit, AtLeast: true));
                }
            }
        }

        goals.Add(new("bytes allocated by a packet (all in all: 0.001)", results.Max(row => row.BytesPerPacket), 0.001));
        goals.Add(new("peak memory, MiB", (double)passes.PeakBytes / (1 << 20), MostMebibytes));
        return new CaptureFindings(Machine.Describe(), peer.Description, results, passes.PeakBytes, goals);

        PassRequest Pipeline(string kind, int threads, int work = 0) => new(own, $"{kind}/{threads}/{work}");
    }
}
