namespace RingTrace.Attach;

/// <summary>
/// The packets of a recorder's rings as they come, each record once. Consumes nothing of a ring in overwrite mode; of one in
/// discard mode it does, where it may. Not thread-safe.
/// </summary>
public sealed class PacketFeed : IDisposable
{
    private readonly OutsideRecorder _recorder;
    private readonly List<FeedRing> _rings = [];
    private byte[] _scratch = [];
    private bool _isDisposed;

    internal PacketFeed(OutsideRecorder recorder, FeedStart start)
    {
        _recorder = recorder;
        FindRings(start);
    }

    /// <summary>What was not got so far.</summary>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    public FeedLosses Losses => OutsideRecorder.Guarded(() =>
    {
        _ = _recorder.Rings();
        return new FeedLosses([.. _rings.Select(ring => ring.Losses())]);
    });

    /// <summary>Visits every ring once.</summary>
    /// <param name="handler">Takes the packets, those of one ring in their order.</param>
    /// <param name="open">Also what is written of packets that are not full yet.</param>
    /// <returns>The number of packets handed over.</returns>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    public int Drain(PacketHandler handler, bool open = false) => Drain(handler, open, isOver: false);

    /// <summary>Ends the feed.</summary>
    public void Dispose() => _isDisposed = true;

    /// <param name="handler">Takes the packets.</param>
    /// <param name="open">Also what is written of packets that are not full yet.</param>
    /// <param name="isOver">The process has ended: what a writer has not committed, none will.</param>
    internal int Drain(PacketHandler handler, bool open, bool isOver)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return OutsideRecorder.Guarded(() =>
        {
            FindRings(FeedStart.Oldest);
            return _rings.Sum(ring => ring.Drain(handler, _scratch, open, isOver));
        });
    }

    /// <summary>A ring that was not there before has nothing that was not written since.</summary>
    private void FindRings(FeedStart start)
    {
        IReadOnlyList<OutsideRing> rings = OutsideRecorder.Guarded(_recorder.Rings);
        for (int i = _rings.Count; i < rings.Count; i++)
        {
            _rings.Add(OutsideRecorder.Guarded(() => new FeedRing(rings[i], start, _recorder.CanConsume)));
            _scratch = _scratch.Length < rings[i].SubBufferSize ? new byte[rings[i].SubBufferSize] : _scratch;
        }
    }
}
