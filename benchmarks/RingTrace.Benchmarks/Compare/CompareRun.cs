using RingTrace.Benchmarks.Peers;
using RingTrace.Benchmarks.Workloads;

namespace RingTrace.Benchmarks.Compare;

/// <summary>Starts the contenders, runs the rounds, and ends all that was started, whatever happens.</summary>
internal static class CompareRun
{
    public static async Task<Comparison> RunAsync(CompareOptions options, Action<string> progress, CancellationToken cancel)
    {
        if (Path.Exists(options.KeepDirectory))
        {
            throw new IOException($"{options.KeepDirectory} exists: name another with --keep.");
        }

        List<Peer> started = [];
        List<Result> absent = [];
        Dictionary<string, string> descriptions = [];
        try
        {
            foreach (string name in options.Peers)
            {
                progress($"starting {name}");
                Peer peer = PeerCatalog.Create(name);
                started.Add(peer);
                try
                {
                    await peer.StartAsync(cancel);
                    descriptions[name] = peer.Process!.Description;
                }
                catch (PeerException e)
                {
                    absent.Add(new Result { Name = name, Skipped = e.Message });
                    started.Remove(peer);
                    await peer.DisposeAsync();
                }
            }

            IReadOnlyList<Result> results = await new Rounds(options, started, progress).RunAsync(cancel);
            Comparison comparison = new(
                Machine.Describe(), descriptions, [.. results, .. absent], await KeepAsync(options, started, cancel), []);
            return comparison with { Goals = Bars.Of(comparison) };
        }
        finally
        {
            foreach (Peer peer in started)
            {
                await peer.DisposeAsync();
            }
        }
    }

    /// <summary>One more round, of RingTrace alone.</summary>
    private static async Task<KeptTrace?> KeepAsync(CompareOptions options, List<Peer> peers, CancellationToken cancel)
    {
        if (options.KeepDirectory is not { } directory)
        {
            return null;
        }

        Peer peer = peers.Find(peer => peer.Name == PeerCatalog.Restartable)
            ?? peers.Find(peer => peer.Name == PeerCatalog.Classic)
            ?? throw new PeerException("--keep needs ringtrace-rseq or ringtrace-classic, and neither ran.");
        return KeptTrace.FromJson(
            await peer.Process!.AskAsync($"{WorkloadHost.KeepRequest} {Path.GetFullPath(directory)}", cancel));
    }
}

/// <summary>What a run found.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Contenders">What the contenders said of themselves.</param>
/// <param name="Results">The rows.</param>
/// <param name="Keep">The trace that was left; null for none.</param>
/// <param name="Goals">The project's goals.</param>
internal sealed record Comparison(
    Machine Machine,
    IReadOnlyDictionary<string, string> Contenders,
    IReadOnlyList<Result> Results,
    KeptTrace? Keep,
    IReadOnlyList<Bar> Goals)
{
    /// <summary>A row that was measured; null when it was not.</summary>
    public Result? Find(string name, string payload, int threads) => Results.FirstOrDefault(result =>
        result.Name == name && result.Payload == payload && result.Threads == threads && result.Median is not null);
}
