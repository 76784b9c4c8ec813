using System.Diagnostics;
using RingTrace.Benchmarks.Measuring;
using RingTrace.Benchmarks.Peers;

namespace RingTrace.Benchmarks.Compare;

/// <summary>
/// Runs the contenders in turn. All of them are started at once and wait; a round takes each through each payload, and
/// of one payload, one contender after the other, beginning with another one each round. What disturbs the machine for
/// a while so disturbs them all.
/// </summary>
internal sealed class Rounds(CompareOptions options, IReadOnlyList<Peer> peers, Action<string> progress)
{
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Until the compilers are done: both count calls, then wait for 100 ms without new methods, twice.
    /// </summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(700);

    private readonly Dictionary<Cell, List<PeerReply>> _replies = [];
    private readonly Dictionary<(string Peer, string Payload), string> _skipped = [];

    /// <summary>What is measured, of one contender.</summary>
    private sealed record Cell(string Peer, Payload Payload, int Threads);

    public async Task<IReadOnlyList<Result>> RunAsync(CancellationToken cancel)
    {
        foreach (Peer peer in peers)
        {
            progress($"warm-up {peer.Name}");
            await WarmUpAsync(peer, cancel);
        }

        for (int round = 0; round < options.Repetitions; round++)
        {
            progress($"round {round + 1} of {options.Repetitions}");
            await RunRoundAsync(round, cancel);
        }

        return [.. Results()];
    }

    private IEnumerable<Payload> PayloadsOf(Peer peer) => options.Payloads.Where(peer.Has);

    /// <summary>One thread compiles the code; then all threads touch their memory.</summary>
    private async Task WarmUpAsync(Peer peer, CancellationToken cancel)
    {
        foreach (Payload payload in PayloadsOf(peer))
        {
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < WarmUp && await MeasureAsync(peer, payload, 1, cancel) is not null)
            {
            }

            _ = await MeasureAsync(peer, payload, options.Threads.Max(), cancel);
        }
    }

    private async Task RunRoundAsync(int round, CancellationToken cancel)
    {
        foreach (int threads in options.Threads)
        {
            foreach (Payload payload in options.Payloads)
            {
                for (int i = 0; i < peers.Count; i++)
                {
                    Peer peer = peers[(i + round) % peers.Count];
                    if (peer.Has(payload) && await MeasureAsync(peer, payload, threads, cancel) is { } reply)
                    {
                        Cell cell = new(peer.Name, payload, threads);
                        if (!_replies.TryGetValue(cell, out List<PeerReply>? replies))
                        {
                            _replies[cell] = replies = [];
                        }

                        replies.Add(reply);
                    }
                }
            }
        }
    }

    /// <summary>One repetition; null when the contender can't, which is noted and not tried again.</summary>
    private async Task<PeerReply?> MeasureAsync(Peer peer, Payload payload, int threads, CancellationToken cancel)
    {
        if (_skipped.ContainsKey((peer.Name, payload.Name)))
        {
            return null;
        }

        try
        {
            return await peer.Process!.MeasureAsync(payload.Name, threads, Duration, cancel);
        }
        catch (PeerException e)
        {
            _skipped[(peer.Name, payload.Name)] = e.Message;
            return null;
        }
    }

    private IEnumerable<Result> Results()
    {
        foreach (Peer peer in peers)
        {
            foreach (Payload payload in PayloadsOf(peer))
            {
                if (_skipped.TryGetValue((peer.Name, payload.Name), out string? reason))
                {
                    yield return new Result { Name = peer.Name, Payload = payload.Name, Skipped = reason };
                    continue;
                }

                foreach (int threads in options.Threads)
                {
                    yield return Result.Of(peer.Name, payload.Name, threads, _replies[new Cell(peer.Name, payload, threads)]);
                }
            }
        }
    }
}
