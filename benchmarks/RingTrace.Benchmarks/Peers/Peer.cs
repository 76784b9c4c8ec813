using RingTrace.Benchmarks.Measuring;

namespace RingTrace.Benchmarks.Peers;

/// <summary>A contender as the harness knows it: how it is started, and what it can be asked for.</summary>
/// <param name="name">Its name in the results.</param>
internal abstract class Peer(string name) : IAsyncDisposable
{
    public string Name => name;

    /// <summary>Its process, once it is started.</summary>
    public PeerProcess? Process { get; protected set; }

    /// <summary>Whether its row is of this payload: a floor has no payload, all others have some.</summary>
    public virtual bool Has(Payload payload) => payload.Fields != Payload.None;

    /// <summary>Starts it; it waits for its turn from then on.</summary>
    /// <exception cref="PeerException">It is not to be had here; says why.</exception>
    public abstract Task StartAsync(CancellationToken cancel);

    /// <summary>Ends it and removes what it left.</summary>
    public virtual ValueTask DisposeAsync()
    {
        Process?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
