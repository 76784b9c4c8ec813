using System.Diagnostics;

namespace RingTrace.Attach;

/// <summary>
/// The packets of a recorder's rings as they come, each record once. Consumes nothing, unless it was asked for. Not thread-safe.
/// </summary>
public sealed class PacketFeed : IDisposable
{
    /// <summary>For a writer that was stopped between reserving and committing, at the last visit.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(250);

    private readonly OutsideRecorder _recorder;
    private readonly bool _consumes;
    private readonly IReadOnlyList<(StreamName Name, IReadOnlyDictionary<string, ulong> Lost)> _lostBefore;
    private readonly List<FeedRing> _rings = [];
    private byte[] _scratch = [];
    private bool _isDisposed;

    internal PacketFeed(OutsideRecorder recorder, FeedStart start, bool consume)
    {
        _recorder = recorder;
        _consumes = consume && recorder.CanConsume;

        // In this order: what is lost from where a ring is read on is counted.
        _lostBefore = recorder.LostByRing();
        FindRings(start, atOnce: true);
    }

    /// <summary>What was not got so far.</summary>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    public FeedLosses Losses
    {
        get
        {
            Dictionary<StreamName, FeedRing> rings = _rings.ToDictionary(ring => ring.Name);
            return new FeedLosses([.. _recorder.LostByRing().Zip(_lostBefore, (now, before) =>
            {
                FeedRing? ring = rings.GetValueOrDefault(now.Name);
                IReadOnlyDictionary<string, ulong> lost = LossNames.Since(now.Lost, before.Lost);
                return ring is null && lost.Count == 0 ? null
                    : new FeedRingLosses(now.Name.Channel, now.Name.Cpu, ring?.Overwritten ?? 0, ring?.LeftOut ?? 0, lost);
            }).OfType<FeedRingLosses>()]);
        }
    }

    /// <summary>Whether the last visit, if it looked at open packets too, found all that had been written before it.</summary>
    internal bool IsComplete => _rings.TrueForAll(ring => ring.IsComplete);

    /// <summary>Visits every ring once.</summary>
    /// <param name="handler">Takes the packets, those of one ring in their order.</param>
    /// <param name="open">Also what is written of packets that are not full yet.</param>
    /// <returns>The number of packets handed over.</returns>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    public int Drain(PacketHandler handler, bool open = false)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return OutsideRecorder.Guarded(() =>
        {
            FindRings();
            return _rings.Sum(ring => ring.Drain(handler, _scratch, open, isOver: false));
        });
    }

    /// <summary>Ends the feed.</summary>
    public void Dispose() => _isDisposed = true;

    /// <summary>Visits every ring a last time, open packets too; what can't be had now is left out, and counted.</summary>
    /// <param name="handler">Takes the packets.</param>
    /// <param name="isOver">The recorder has ended: what a writer has not committed, none will.</param>
    /// <returns>The number of packets handed over.</returns>
    internal int Finish(PacketHandler handler, bool isOver) => OutsideRecorder.Guarded(() =>
    {
        FindRings(atOnce: true);
        int count = 0;
        long begin = Stopwatch.GetTimestamp();
        foreach (FeedRing ring in _rings)
        {
            count += ring.Drain(handler, _scratch, open: true, isOver);
            while (!ring.IsComplete && !isOver && Stopwatch.GetElapsedTime(begin) < s_patience)
            {
                Thread.Sleep(1);
                count += ring.Drain(handler, _scratch, open: true, isOver);
            }

            ring.End();
        }

        return count;
    });

    /// <param name="start">Null after the first time: a ring that was not there before has nothing that was not written since.</param>
    /// <param name="atOnce">Those that have come just now, too.</param>
    private void FindRings(FeedStart? start = null, bool atOnce = false)
    {
        IReadOnlyList<OutsideRing> rings = OutsideRecorder.Guarded(() => _recorder.Rings(atOnce));
        for (int i = _rings.Count; i < rings.Count; i++)
        {
            _rings.Add(OutsideRecorder.Guarded(
                () => new FeedRing(rings[i], start, _consumes, packet => LastRecord.TimeIn(packet, _recorder))));
            _scratch = _scratch.Length < rings[i].SubBufferSize ? new byte[rings[i].SubBufferSize] : _scratch;
        }
    }
}
