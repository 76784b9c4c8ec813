using System.Buffers;

namespace RingTrace.Formats;

/// <summary>
/// Decodes packets in memory, those of a live recorder for example, and merges the events of several streams by time. Packets are
/// copied; <see cref="QueuedBytes"/> says how many bytes wait. An event allocates nothing. For one thread.
/// </summary>
/// <remarks>
/// What <see cref="TraceReader"/> does with damage in files holds here: it ends its packet, is one of the
/// <see cref="Problems"/>, and the rest is read. A packet may be added from any of its records on, for a record's time stands
/// in relation to its packet's begin.
/// </remarks>
/// <example><code>
/// PacketDecoder decoder = new(TraceInfo.Parse(metadata, "live"));
/// decoder.Add(stream: 0, packet);
/// while (decoder.MoveNext())
/// {
///     Console.WriteLine(decoder.Current.ToString());
/// }
/// </code></example>
public sealed class PacketDecoder : IDisposable
{
    /// <summary>As many streams as are expected at most: the more, the smaller the window of each.</summary>
    private const int StreamsForWindows = 512;

    private readonly Dictionary<int, PacketCursor> _cursors = [];
    private readonly CursorHeap<PacketCursor> _heap = new(4);
    private readonly WindowBudget _budget = new(StreamsForWindows);
    private readonly ProblemList _problems = new();
    private readonly TraceQuery _query;
    private TraceInfo _trace;
    private MemorySource _peeked;
    private PacketReader _headers;
    private bool _isAtEvent;

    /// <summary>A decoder without packets.</summary>
    /// <param name="trace">What the packets are decoded by.</param>
    /// <param name="query">Which events; null for all.</param>
    public PacketDecoder(TraceInfo trace, TraceQuery? query = null)
    {
        ArgumentNullException.ThrowIfNull(trace);
        _query = query ?? new TraceQuery();
        _trace = trace;
        (_peeked, _headers) = ReaderOf(trace);
    }

    /// <summary>
    /// What the packets are decoded by that are added from now on. A recorder that learns events says so in new metadata.
    /// </summary>
    public TraceInfo Trace
    {
        get => _trace;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value != _trace)
            {
                _headers.Dispose();
                _trace = value;
                (_peeked, _headers) = ReaderOf(value);
            }
        }
    }

    /// <summary>
    /// The latest time at which a packet that was added says it ends, in nanoseconds since 1970-01-01 UTC; the lowest
    /// number before the first.
    /// </summary>
    public long LatestEnd { get; private set; } = long.MinValue;

    /// <summary>How many bytes of packets wait or are being read.</summary>
    public long QueuedBytes
    {
        get
        {
            long bytes = 0;
            foreach (PacketCursor cursor in _cursors.Values)
            {
                bytes += cursor.QueuedBytes;
            }

            return bytes;
        }
    }

    /// <summary>What could not be read. A copy; each problem once, at most 1000 of them.</summary>
    public IReadOnlyList<TraceProblem> Problems => _problems.ToArray();

    /// <summary>How many they are.</summary>
    internal int ProblemCount => _problems.Count;

    /// <summary>The event it stands at. Only after <see cref="MoveNext"/> returned true, until it is called again.</summary>
    public EventView Current => new(_heap.Top);

    /// <summary>
    /// Where the stream is read that comes next: for the message of what went wrong in <see cref="MoveNext"/> and is no damage of a packet.
    /// </summary>
    internal string Place => _heap.Count > 0 ? _heap.Top.Place : _trace.Directory;

    /// <summary>Takes a packet, behind those of the same stream.</summary>
    /// <param name="stream">Any number; packets with the same one are one stream, and events of one instant come in the order of numbers.</param>
    /// <param name="packet">The packet, from its header on. What follows it is passed over.</param>
    /// <param name="from">Where the first record starts that is wanted, in bytes from the packet's start; 0: the first one.</param>
    /// <returns>False when its header is damaged: it is one of the <see cref="Problems"/>.</returns>
    public bool Add(int stream, ReadOnlySpan<byte> packet, int from = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(packet.Length);
        packet.CopyTo(buffer);
        return Add(stream, new QueuedPacket(_trace, buffer, null, buffer.AsMemory(0, packet.Length), from));
    }

    /// <summary>Takes a packet that is read where it lies, behind those of the same stream.</summary>
    /// <param name="stream">Any number, as above.</param>
    /// <param name="packet">The packet, from its header on; nobody writes there until its owner is told.</param>
    /// <param name="from">Where the first record starts that is wanted, as above.</param>
    /// <param name="owner">Told once, when the packet has been read or is refused.</param>
    /// <returns>False when its header is damaged: it is one of the <see cref="Problems"/>.</returns>
    internal bool Add(int stream, ReadOnlyMemory<byte> packet, int from, IPacketOwner owner) =>
        Add(stream, new QueuedPacket(_trace, null, owner, packet, from));

    /// <summary>Looks at a packet's header alone, for <see cref="LatestEnd"/>.</summary>
    /// <returns>False when it is damaged: it is one of the <see cref="Problems"/>.</returns>
    internal bool Look(int stream, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            _peeked.Bytes = bytes;
            _headers.Restart();
            if (_headers.TryReadHeader(out PacketHeader packet) && packet.End is { } end)
            {
                LatestEnd = Math.Max(LatestEnd, packet.Stream!.Clock.ToNanoseconds(end));
            }

            return true;
        }
        catch (TraceFormatException damage)
        {
            string name = _trace.StreamName(stream);
            _problems.Add(new TraceProblem(name, damage.Offset,
                $"{name}: {damage.Message}; its {bytes.Length} bytes are missing from the result"));
            return false;
        }
    }

    private bool Add(int stream, QueuedPacket packet)
    {
        bool isSound = false;
        try
        {
            Leave();
            isSound = Look(stream, packet.Bytes);
        }
        finally
        {
            if (!isSound)
            {
                packet.LetGo();
            }
        }

        if (!isSound)
        {
            return false;
        }

        if (!_cursors.TryGetValue(stream, out PacketCursor? cursor))
        {
            _cursors.Add(stream, cursor = new PacketCursor(stream, _query, _budget, _problems.Add));
        }

        cursor.Add(packet);
        if (!cursor.IsAtEvent)
        {
            _heap.Start(cursor);
        }

        return true;
    }

    /// <summary>Goes to the earliest event of the packets that were added.</summary>
    /// <param name="upTo">The latest time that is wanted yet, in nanoseconds since 1970-01-01 UTC.</param>
    /// <returns>False when there is none, or none so early: when packets have been added or with a later time it goes on.</returns>
    public bool MoveNext(long upTo = long.MaxValue)
    {
        Leave();
        _isAtEvent = _heap.Count > 0 && _heap.Top.Timestamp <= upTo;
        return _isAtEvent;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _heap.Clear();
        _isAtEvent = false;
        _headers.Dispose();
        foreach (PacketCursor cursor in _cursors.Values)
        {
            cursor.Dispose();
        }

        _cursors.Clear();
    }

    /// <summary>From the event that was given out to the next of its stream.</summary>
    private void Leave()
    {
        if (_isAtEvent)
        {
            _isAtEvent = false;
            _heap.MoveTop();
        }
    }

    private static (MemorySource, PacketReader) ReaderOf(TraceInfo trace)
    {
        MemorySource source = new(trace.Directory);
        return (source, new PacketReader(trace.Schema, source));
    }
}
