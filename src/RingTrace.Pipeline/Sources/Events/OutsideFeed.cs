using RingTrace.Attach;
using RingTrace.Formats;

namespace RingTrace.Pipeline.Sources.Events;

/// <summary>
/// The rings of another process as they are written, or those that a dead one left. Channels in discard mode are consumed.
/// </summary>
internal sealed class OutsideFeed : EventFeed
{
    /// <summary>More bytes of packets never wait for others that are late; then nothing is read but what they wait for: 64 MiB.</summary>
    private const long MostWaitingBytes = 64 << 20;

    private readonly OutsideRecorder _recorder;
    private readonly PacketFeed _feed;
    private readonly TraceClock _clock;

    /// <summary>Of one that runs.</summary>
    private readonly LiveClock? _visits;
    private readonly PacketStore _store = new();
    private readonly ManualResetEventSlim _stop = new();
    private readonly Lock _gate = new();
    private TraceInfo _trace;
    private ulong _schemaVersion;
    private long _copied;
    private bool _isDead;
    private bool _isOver;

    /// <param name="recorder">Whose rings; disposed with this.</param>
    /// <param name="start">Where to begin, of one that runs; of a dead one, with all that is there.</param>
    /// <exception cref="AttachException">The region can't be read.</exception>
    /// <exception cref="TraceFormatException">What the region says of its events can't be understood.</exception>
    public OutsideFeed(OutsideRecorder recorder, FeedStart start)
    {
        _recorder = recorder;
        IsLive = recorder.IsAlive();
        _clock = recorder.ReadClock(!IsLive);
        _trace = Learn(before: null);
        _visits = IsLive ? new LiveClock(() => recorder.ReadClock(isOver: false).Pair.Clock, TimeProvider.System) : null;
        _feed = recorder.Feed(IsLive ? start : FeedStart.Oldest, consume: IsLive);
    }

    /// <summary>Of a recorder that was found.</summary>
    /// <exception cref="AttachException">It can't be read.</exception>
    /// <exception cref="TraceFormatException">What it says of its events can't be understood.</exception>
    public static OutsideFeed Open(FoundRecorder found, FeedStart start) => Of(OutsideRecorder.Open(found), start);

    /// <summary>Of one that is open, and closed if this fails.</summary>
    public static OutsideFeed Of(OutsideRecorder recorder, FeedStart start)
    {
        try
        {
            return new OutsideFeed(recorder, start);
        }
        catch
        {
            recorder.Dispose();
            throw;
        }
    }

    public override string Name => _recorder.Found.RingPath;

    public override bool IsLive { get; }

    /// <summary>How many bytes a visit may hand over.</summary>
    private long Room => Math.Min(BytesPerVisit, MostWaitingBytes - _store.Bytes - HeldBytes);

    /// <inheritdoc/>
    /// <exception cref="AttachException">The process died without ending its recorder, which is told when all was handed over.</exception>
    public override bool TryVisit(Action<EventPacket> handler)
    {
        if (_visits is not null && !_isDead)
        {
            _stop.Wait(_visits.Wait);
        }

        lock (_gate)
        {
            if (_isOver)
            {
                return false;
            }

            void Take(in FeedPacket packet) => HandOver(in packet, handler);
            _isDead |= !_recorder.IsAlive();
            if (_visits is null || _isDead)
            {
                return TryFinish(Take);
            }

            bool isFull = _visits.Begin();
            int packets = _feed.Drain(Take, isFull, Room);
            if (_visits.End(packets, isFull, _feed.IsComplete, isCut: _feed.Behind is not null) is { } reached)
            {
                Reach(_trace.Clocks[0], Math.Min(reached, _feed.Behind ?? ulong.MaxValue));
            }

            if (isFull)
            {
                NoteLosses();
            }

            return true;
        }
    }

    public override void Dispose()
    {
        _stop.Set();
        lock (_gate)
        {
            _isOver = true;
            _feed.Dispose();
            _recorder.Dispose();
        }
    }

    /// <summary>Nobody writes any more.</summary>
    /// <returns>False when it was the last visit.</returns>
    private bool TryFinish(PacketHandler handler)
    {
        _feed.Finish(handler, isOver: true, Room);
        NoteLosses();
        if (_feed.Behind is { } behind)
        {
            Reach(_trace.Clocks[0], behind);
            return true;
        }

        _isOver = true;
        ReachEnd();
        return IsLive && !_recorder.Image.IsGivenUp() ? throw new AttachException(
            $"Process {_recorder.Found.ProcessId} died; all that its rings {Name} held was read.") : false;
    }

    private void HandOver(in FeedPacket packet, Action<EventPacket> handler)
    {
        // An event is known to the region before a record of it is written, and the packet has been copied by now.
        if (_recorder.SchemaVersion != _schemaVersion)
        {
            _trace = Learn(_trace);
        }

        EventPacket copy = _store.Rent(packet.Bytes.Length);
        packet.Bytes.CopyTo(PacketStore.BytesOf(copy));
        _copied++;
        (copy.Stream, copy.Trace, copy.From) = ((packet.ChannelNumber << 16) + packet.Cpu, _trace, packet.NewFrom);
        handler(copy);
    }

    /// <summary>By one clock all along: what is learned meanwhile does not move what was there.</summary>
    private TraceInfo Learn(TraceInfo? before)
    {
        // In this order: what is learned meanwhile is asked for again.
        _schemaVersion = _recorder.SchemaVersion;
        return TraceInfo.Parse(_recorder.Metadata(_clock, "live", [], new Dictionary<string, ulong>()), Name, before);
    }

    private void NoteLosses()
    {
        FeedLosses losses = _feed.Losses;
        Losses = new EventLosses(
            losses.Lost, (long)losses.OverwrittenPackets, losses.Rings.Sum(ring => ring.LeftOutBytes), _copied);
    }
}
