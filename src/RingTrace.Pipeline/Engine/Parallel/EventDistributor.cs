using RingTrace.Formats;
using RingTrace.Pipeline.Sources.Events;

namespace RingTrace.Pipeline.Engine.Parallel;

/// <summary>
/// Gives each stream its thread, and sets marks by time: what is earlier than the watermark is in, in whichever thread. Decodes
/// nothing but each stream's first event. All of it under the gatekeeper's lock.
/// </summary>
/// <remarks>
/// An event's order is its time, and of one instant the lower stream comes first. So each thread numbers its own events, and the
/// order is the same however many threads there are.
/// </remarks>
internal sealed class EventDistributor(Lane[] lanes, FreeList<EventRound> free, TickMaker ticks)
{
    private readonly Dictionary<int, int> _threads = [];
    private readonly HashSet<int> _begun = [];
    private PacketDecoder? _headers;
    private long? _firstNs;
    private bool _isFirst = true;
    private long _watermarkNs = long.MinValue;
    private Counter _discarded;

    /// <summary>Events that were read when it was over already.</summary>
    public long Discarded => _discarded.Value;

    /// <summary>Hands over what a visit brought.</summary>
    /// <param name="round">Its packets, without marks.</param>
    /// <param name="watermarkNs">Every earlier event is in it or was in one before.</param>
    /// <exception cref="PipelineException">A packet could not be decoded; all is handed over nevertheless.</exception>
    public void Distribute(EventRound round, long watermarkNs)
    {
        long before = _watermarkNs;
        _watermarkNs = Math.Max(before, watermarkNs);
        PipelineException? error = null;
        foreach (EventPacket packet in round.Packets)
        {
            round.Threads.Add(ThreadOf(packet.Stream));
            error = TryLook(packet, before) ?? error;
        }

        SetMarks(round, before);
        HandOver(round);
        if (error is not null)
        {
            throw error;
        }
    }

    /// <summary>A mark behind all that is in and earlier than the watermark; at the end, behind all that is in.</summary>
    public void Send(MarkKind kind)
    {
        EventRound round = free.Take();
        if (kind == MarkKind.End)
        {
            // Nothing comes any more that could be earlier.
            _watermarkNs = long.MaxValue;
            _headers?.Dispose();
        }

        _isFirst |= kind == MarkKind.Resume;
        round.Marks.Add(new Mark(0, _watermarkNs, kind, default));
        HandOver(round);
    }

    /// <summary>Counts the events of packets that came when it was over, and gives them back.</summary>
    /// <exception cref="PipelineException">One could not be decoded; it and the rest are not counted.</exception>
    public void Discard(EventRound round)
    {
        int begun = 0;
        try
        {
            while (begun < round.Packets.Count)
            {
                EventPacket packet = round.Packets[begun++];
                using PacketDecoder decoder = new(packet.Trace);
                packet.AddTo(decoder);
                while (decoder.MoveNext())
                {
                    _discarded.Value++;
                }
            }
        }
        catch (Exception e)
        {
            PipelineException error = Fault(round.Packets[begun - 1], e);
            round.Packets[begun..].ForEach(packet => packet.Release());
            throw error;
        }
        finally
        {
            round.Return();
        }
    }

    /// <summary>In turn, as streams appear.</summary>
    private int ThreadOf(int stream)
    {
        if (!_threads.TryGetValue(stream, out int thread))
        {
            _threads.Add(stream, thread = _threads.Count % lanes.Length);
        }

        return thread;
    }

    /// <returns>What went wrong in decoding it.</returns>
    private PipelineException? TryLook(EventPacket packet, long before)
    {
        try
        {
            if (_firstNs is null || _firstNs >= before)
            {
                FindFirst(packet);
            }

            if (ticks.IsOn)
            {
                LookAtEnd(packet);
            }

            return null;
        }
        catch (Exception e)
        {
            return Fault(packet, e);
        }
    }

    private static PipelineException Fault(EventPacket packet, Exception e) => new($"decoding {packet.Place}: {e.Message}", e);

    /// <summary>The first event of all is the earliest that a stream begins with.</summary>
    private void FindFirst(EventPacket packet)
    {
        if (_begun.Contains(packet.Stream))
        {
            return;
        }

        using PacketDecoder decoder = new(packet.Trace);
        decoder.Add(packet.Stream, packet.Bytes.Span, packet.From);
        if (decoder.MoveNext())
        {
            _begun.Add(packet.Stream);
            _firstNs = Math.Min(_firstNs ?? long.MaxValue, decoder.Current.Timestamp);
        }
    }

    /// <summary>How far the packets' headers say they reach: at the end, there are ticks up to there.</summary>
    private void LookAtEnd(EventPacket packet)
    {
        _headers ??= new PacketDecoder(packet.Trace);
        _headers.Trace = packet.Trace;
        _headers.Look(packet.Stream, packet.Bytes);
    }

    private void SetMarks(EventRound round, long before)
    {
        if (!(_firstNs < _watermarkNs))
        {
            return;
        }

        if (_isFirst)
        {
            _isFirst = false;
            long first = Math.Max(_firstNs.Value, before);
            round.Marks.Add(new Mark(0, first, MarkKind.First, new Tick(default, 0, first)));
            ticks.TryBefore(first, out _, out _);
        }

        long reached = _watermarkNs < long.MaxValue ? _watermarkNs : Math.Max(before, _headers?.LatestEnd ?? before);
        ticks.BeginRound();
        if (ticks.TryBefore(reached, out Tick tick, out int more))
        {
            round.Marks.Add(new Mark(0, tick.TimeNs, MarkKind.Tick, tick, more));
        }
    }

    private void HandOver(EventRound round)
    {
        round.WatermarkNs = _watermarkNs;
        round.HandTo(lanes);
    }
}
