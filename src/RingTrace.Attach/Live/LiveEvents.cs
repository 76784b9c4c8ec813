using RingTrace.Formats;

namespace RingTrace.Attach;

/// <summary>Takes one event; it is good until the call returns.</summary>
/// <param name="item">The event.</param>
public delegate void LiveEventHandler(in EventView item);

/// <summary>
/// A running recorder's events as they come: those of all rings in the order of time, each once. Memory is bounded, whatever the
/// rings hold. Not thread-safe.
/// </summary>
/// <remarks>
/// What a visit to the rings finds, ends before the next visit begins; so the next one finds all that is as early, in whichever
/// ring. Up to there events are given out, in order. An event waits for one visit, then: at a visit every 50 ms it is at most 100 ms
/// old. A visit that could not get all that was written (of a writer that was stopped between reserving and committing) gives
/// nothing out; when so many in a row could not, events are given out all the same. What comes later then is given out at once,
/// and counted.
/// </remarks>
public sealed class LiveEvents : IDisposable
{
    /// <summary>How often to visit.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    /// <summary>More bytes of packets never wait: 128 MiB. Beyond, events are given out before it is certain that none is earlier.</summary>
    public const long MostQueuedBytes = 128 << 20;

    /// <summary>So many visits in a row may hold events back.</summary>
    internal const int MostHeld = 10;

    private readonly Func<ulong> _schemaVersion;
    private readonly Func<string> _metadata;
    private readonly Func<PacketHandler, bool, bool> _drain;
    private readonly PacketFeed? _feed;
    private readonly long _mostQueuedBytes;
    private readonly string _name;
    private readonly PacketDecoder _decoder;
    private ulong _knownVersion;
    private ulong _lastTicks;
    private int _held;

    /// <summary>Begins to follow a recorder, which must outlive this.</summary>
    /// <param name="recorder">Whose events.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="query">Which events; null for all.</param>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    /// <exception cref="TraceFormatException">What the region says of its events can't be understood.</exception>
    public LiveEvents(OutsideRecorder recorder, FeedStart start = FeedStart.Now, TraceQuery? query = null)
        : this(NameOf(recorder), () => recorder.SchemaVersion, recorder.Metadata, recorder.Feed(start), query)
    {
    }

    /// <summary>The same on what stands for a recorder; a visit says whether it found all that had been written.</summary>
    internal LiveEvents(
        string name, Func<ulong> schemaVersion, Func<string> metadata, Func<PacketHandler, bool, bool> drain, TraceQuery? query,
        long mostQueuedBytes = MostQueuedBytes)
    {
        (_name, _schemaVersion, _metadata, _drain, _mostQueuedBytes) = (name, schemaVersion, metadata, drain, mostQueuedBytes);
        _decoder = new PacketDecoder(Learn(before: null), query);
    }

    private LiveEvents(string name, Func<ulong> schemaVersion, Func<string> metadata, PacketFeed feed, TraceQuery? query)
        : this(name, schemaVersion, metadata, (handler, isOver) => Visit(feed, handler, isOver), query) => _feed = feed;

    /// <summary>What is known of the recorder and its events so far.</summary>
    public TraceInfo Trace => _decoder.Trace;

    /// <summary>What the feed did not get.</summary>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    public FeedLosses Losses => _feed?.Losses ?? new FeedLosses([]);

    /// <summary>How many events came after a later one had been given out.</summary>
    public long Late { get; private set; }

    /// <summary>What could not be decoded. A copy; each problem once, at most 1000 of them.</summary>
    public IReadOnlyList<TraceProblem> Problems => _decoder.Problems;

    /// <summary>Visits the rings, and gives out what no other ring can have an earlier event than.</summary>
    /// <param name="handler">Takes the events. What it throws goes through; the event is not given out again.</param>
    /// <returns>How many were given out.</returns>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    /// <exception cref="TraceFormatException">What the region says of its events can't be understood.</exception>
    public long Poll(LiveEventHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        long complete = _decoder.LatestEnd;
        long early = Visit(handler, isOver: false, out bool isComplete);
        _held = isComplete ? 0 : Math.Min(_held + 1, MostHeld + 1);
        return early + (_held is 0 or > MostHeld ? GiveOut(handler, complete) : 0);
    }

    /// <summary>Visits the rings a last time and gives out everything.</summary>
    /// <param name="handler">Takes the events.</param>
    /// <param name="isOver">The process has ended: what a writer has not committed by now, none will.</param>
    /// <returns>How many were given out.</returns>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    /// <exception cref="TraceFormatException">What the region says of its events can't be understood.</exception>
    public long Finish(LiveEventHandler handler, bool isOver)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Visit(handler, isOver, out _) + GiveOut(handler, long.MaxValue);
    }

    /// <summary>Ends the feed and gives the memory back.</summary>
    public void Dispose()
    {
        _decoder.Dispose();
        _feed?.Dispose();
    }

    private static string NameOf(OutsideRecorder recorder)
    {
        ArgumentNullException.ThrowIfNull(recorder);
        return recorder.Found.RingPath;
    }

    private static bool Visit(PacketFeed feed, PacketHandler handler, bool isOver)
    {
        _ = isOver ? feed.Finish(handler, isOver) : feed.Drain(handler, open: true);
        return feed.IsComplete;
    }

    private long Visit(LiveEventHandler handler, bool isOver, out bool isComplete)
    {
        long early = 0;
        isComplete = _drain((in FeedPacket packet) =>
        {
            // An event is known to the region before a record of it is written, and the packet has been copied by now.
            if (_schemaVersion() != _knownVersion)
            {
                _decoder.Trace = Learn(_decoder.Trace);
            }

            _decoder.Add((packet.ChannelNumber << 16) + packet.Cpu, packet.Bytes, packet.NewFrom);
            if (_decoder.QueuedBytes > _mostQueuedBytes)
            {
                early += GiveOut(handler, long.MaxValue);
            }
        }, isOver);
        return early;
    }

    private TraceInfo Learn(TraceInfo? before)
    {
        // In this order: what is learned meanwhile is asked for again.
        _knownVersion = _schemaVersion();
        return TraceInfo.Parse(_metadata(), _name, before);
    }

    private long GiveOut(LiveEventHandler handler, long upTo)
    {
        long count = 0;
        for (; _decoder.MoveNext(upTo); count++)
        {
            EventView item = _decoder.Current;
            if (item.Ticks < _lastTicks)
            {
                Late++;
            }
            else
            {
                _lastTicks = item.Ticks;
            }

            handler(in item);
        }

        return count;
    }
}
