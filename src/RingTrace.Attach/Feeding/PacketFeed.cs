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
    private readonly PriorityQueue<FeedRing, (ulong Reached, int Number)> _behind = new();
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

    /// <summary>
    /// Whether the last visit, if it looked at open packets too, found all that had been written before it, but for rings that
    /// are <see cref="Behind"/>.
    /// </summary>
    internal bool IsComplete { get; private set; }

    /// <summary>
    /// When the last visit was cut short, the time that what it left begins at, at the earliest, in ticks; null when it was not.
    /// </summary>
    internal ulong? Behind { get; private set; }

    /// <summary>Visits every ring once.</summary>
    /// <param name="handler">Takes the packets, those of one ring in their order.</param>
    /// <param name="open">Also what is written of packets that are not full yet.</param>
    /// <returns>The number of packets handed over.</returns>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    public int Drain(PacketHandler handler, bool open = false) => Drain(handler, open, long.MaxValue);

    /// <summary>Ends the feed.</summary>
    public void Dispose() => _isDisposed = true;

    /// <summary>Visits the rings, those that are most behind first, until so much was handed over.</summary>
    /// <param name="handler">Takes the packets, those of one ring in their order.</param>
    /// <param name="open">Also what is written of packets that are not full yet.</param>
    /// <param name="most">
    /// The bytes that it takes: it is cut short by the packet that reaches them. With none left, one packet is handed over, if none
    /// is waited for that may be earlier.
    /// </param>
    /// <returns>The number of packets handed over.</returns>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    internal int Drain(PacketHandler handler, bool open, long most)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return OutsideRecorder.Guarded(() =>
        {
            FindRings();
            return Visit(_rings, handler, open, isOver: false, most);
        });
    }

    /// <summary>Visits every ring a last time, open packets too; what can't be had now is left out, and counted.</summary>
    /// <param name="handler">Takes the packets.</param>
    /// <param name="isOver">The recorder has ended: what a writer has not committed, none will.</param>
    /// <param name="most">As above. While something is <see cref="Behind"/>, it was not the last time.</param>
    /// <returns>The number of packets handed over.</returns>
    internal int Finish(PacketHandler handler, bool isOver, long most = long.MaxValue) => OutsideRecorder.Guarded(() =>
    {
        FindRings(atOnce: true);
        long begin = Stopwatch.GetTimestamp();
        int count = Visit(_rings, handler, open: true, isOver, most);
        SpinWait spin = default;
        while (!IsComplete && !isOver && Stopwatch.GetElapsedTime(begin) < s_patience)
        {
            spin.SpinOnce();
            count += Visit(_rings.FindAll(ring => !ring.IsComplete), handler, open: true, isOver, most);
        }

        if (Behind is null)
        {
            _rings.ForEach(ring => ring.End());
        }

        return count;
    });

    private int Visit(List<FeedRing> rings, PacketHandler handler, bool open, bool isOver, long most)
    {
        _behind.Clear();
        for (int i = 0; i < rings.Count; i++)
        {
            rings[i].Begin(isOver);
            _behind.Enqueue(rings[i], (rings[i].Reached, i));
        }

        int count = 0;
        long bytes = 0;
        ulong awaited = ulong.MaxValue;
        while (_behind.TryPeek(out FeedRing? ring, out (ulong Reached, int Number) place)
            && (bytes < most || (count == 0 && place.Reached < awaited)))
        {
            if (ring.TryNext(handler, _scratch, open, out int length))
            {
                count++;
                bytes += length;
                _behind.DequeueEnqueue(ring, (ring.Reached, place.Number));
            }
            else
            {
                awaited = ring.IsComplete ? awaited : Math.Min(awaited, place.Reached);
                _behind.Dequeue();
            }
        }

        IsComplete = awaited == ulong.MaxValue;
        Behind = _behind.TryPeek(out _, out (ulong Reached, int) next) ? next.Reached : null;
        return count;
    }

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
