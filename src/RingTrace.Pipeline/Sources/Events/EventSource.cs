using System.Globalization;
using System.Numerics;
using RingTrace.Formats;
using RingTrace.Packets;
using RingTrace.Packets.Blocks;
using RingTrace.Pipeline.Hashing;

namespace RingTrace.Pipeline.Sources.Events;

/// <summary>
/// A feed's events one after the other, in the order of time. Each packet is copied into a block once; a record of a batch says
/// where in it an event is, to be viewed again there.
/// </summary>
/// <param name="feed">Where the packets come from; disposed with this.</param>
/// <param name="query">Which events; null for all.</param>
/// <param name="hasher">Asked for each event's thread; null when it does not matter.</param>
/// <param name="byCalendar">
/// Times are those of the calendar, as captures have them. Else they are by the one offset of the whole trace, and go on evenly
/// whoever sets the calendar.
/// </param>
internal sealed class EventSource(EventFeed feed, TraceQuery? query, Hasher? hasher, bool byCalendar) : PacketSource
{
    private const int LeastBlockBytes = 4096;

    private readonly Lock _gate = new();
    private readonly BlockPool?[] _pools = new BlockPool?[32];
    private readonly Dictionary<int, EventStream> _streams = [];
    private PacketDecoder? _decoder;
    private PipelineException? _problem;
    private long _watermark = long.MinValue;
    private bool _isOver;

    /// <summary>Nothing more is given out, though there is more.</summary>
    private bool _isBroken;
    private volatile bool _isDisposed;
    private volatile bool _isInterrupted;

    public override string Name => feed.Name;

    public override bool IsFile => !feed.IsLive;

    public override long WatermarkNs => _watermark;

    public override long Dropped => feed.Losses.AllLost;

    public override EventLosses Rings => feed.Losses;

    /// <inheritdoc/>
    /// <exception cref="PipelineException">The feed is damaged from here on, or was in some part.</exception>
    public override bool TryReadBatch(PacketBatch batch)
    {
        lock (_gate)
        {
            batch.Clear();
            for (bool isVisited = false; Fill(batch) == 0; isVisited = true)
            {
                if (_isOver || _isDisposed)
                {
                    return _isDisposed || Problem() is not { } problem ? false : throw problem;
                }

                if (isVisited && (feed.IsLive || _isInterrupted))
                {
                    return true;
                }

                Visit();
            }

            return true;
        }
    }

    /// <summary>A file may have much that the query does not want.</summary>
    public override void Interrupt() => _isInterrupted = true;

    public override void Dispose()
    {
        _isDisposed = true;
        feed.Dispose();
        lock (_gate)
        {
            _decoder?.Dispose();
            _decoder = null;
        }
    }

    private int Fill(PacketBatch batch)
    {
        // What is as late as the watermark may still have company of the same instant.
        long upTo = _isOver ? long.MaxValue : feed.WatermarkNs == long.MinValue ? long.MinValue : feed.WatermarkNs - 1;
        while (!batch.IsFull && TryMoveNext(upTo))
        {
            EventView item = _decoder!.Current;
            if (!TryHash(in item, out uint hash))
            {
                break;
            }

            RecordCursor cursor = item.Cursor;
            ref PacketRecord record = ref batch.Add(((StoredPacket)cursor.Owner!).Block);
            record.Kind = PacketKind.Event;
            record.TimeNs = byCalendar ? item.Realtime : item.Timestamp;
            record.EventBegin = cursor.RecordBegin;
            record.EventClock = cursor.TicksBefore;
            record.EventHash = hash;
            record.RecordLength = (int)item.Size;
            (record.DataOffset, record.CapturedLength) = (record.RecordOffset, record.RecordLength);
            _watermark = Math.Max(_watermark, record.TimeNs);
        }

        if (!batch.IsFull && !_isBroken)
        {
            _watermark = Math.Max(_watermark, byCalendar ? feed.CalendarNs : feed.WatermarkNs);
        }

        return batch.Count;
    }

    /// <returns>False when the hasher threw: the events before are given out, and then it is told.</returns>
    private bool TryHash(in EventView item, out uint hash)
    {
        hash = 0;
        try
        {
            hash = hasher?.Hash(in item) ?? 0;
        }
        catch (Exception e)
        {
            (long seconds, long rest) = Math.DivRem(item.Timestamp, 1_000_000_000);
            Break(string.Create(
                CultureInfo.InvariantCulture, $"hasher, the event {item.Name} of {Name}, time {seconds}.{rest:D9}: {e.Message}"), e);
        }

        return !_isBroken;
    }

    /// <returns>False also when decoding fails and no packet is to blame: the events before are given out, and then it is told.</returns>
    private bool TryMoveNext(long upTo)
    {
        try
        {
            return !_isBroken && _decoder is not null && _decoder.MoveNext(upTo);
        }
        catch (Exception e)
        {
            Break($"decoding {_decoder!.Place}: {e.Message}", e);
            return false;
        }
    }

    private void Break(string message, Exception e) => (_isOver, _isBroken, _problem) = (true, true, new PipelineException(message, e));

    private void Visit()
    {
        try
        {
            feed.HeldBytes = _decoder?.QueuedBytes ?? 0;
            _isOver = !feed.TryVisit(Take);
        }
        catch (Exception e)
        {
            // What came before is given out.
            (_isOver, _problem) = (true, feed.Fault(e));
        }
    }

    private PipelineException? Problem() =>
        _problem ?? (_decoder?.Problems is [TraceProblem damage, ..] ? new PipelineException(damage.Message) : null);

    private void Take(EventPacket packet)
    {
        try
        {
            int length = packet.Bytes.Length;
            Block block = PoolOf(length).Rent(length);
            packet.Bytes.Span.CopyTo(block.Bytes);
            if (!_streams.TryGetValue(packet.Stream, out EventStream? stream))
            {
                _streams.Add(packet.Stream, stream = new EventStream(packet.Stream));
            }

            StoredPacket stored = new(stream, packet.Trace, block, length);
            block.Key = stored;
            _decoder ??= new PacketDecoder(packet.Trace, query);
            _decoder.Trace = packet.Trace;
            _decoder.Add(packet.Stream, block.Bytes.AsMemory(0, length), packet.From, stored);
        }
        catch (Exception e)
        {
            throw new PipelineException($"decoding {packet.Place}: {e.Message}", e);
        }
        finally
        {
            packet.Release();
        }
    }

    /// <summary>Blocks of twice the length have a pool of their own: packets of a ring are all of one.</summary>
    private BlockPool PoolOf(int bytes)
    {
        int size = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)Math.Max(bytes, LeastBlockBytes)));
        return _pools[size] ??= new BlockPool(1 << size);
    }
}
