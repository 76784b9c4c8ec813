using RingTrace.Packets;

namespace RingTrace.Pipeline.Engine;

/// <summary>
/// Gives packets their order, sets marks between them and hands rounds to all threads. All of it under the gatekeeper's lock, but
/// for the counts.
/// </summary>
/// <remarks>
/// Every round goes to every thread, with packets of its own or without. So each knows how far the source is, an idle one too, and
/// the reporter by them; no thread is further ahead of another than there are rounds.
/// </remarks>
internal sealed class Distributor(Lane[] lanes, FreeList<Round> free, TickMaker ticks)
{
    private long _next = 1;
    private bool _isFirst = true;
    private Counter _accepted;
    private Counter _filtered;
    private Counter _discarded;
    private Counter _late;

    /// <summary>Let in.</summary>
    public long Accepted => _accepted.Value;

    public long Filtered => _filtered.Value;

    public long Discarded => _discarded.Value;

    /// <summary>Of those let in: earlier than a tick that was given.</summary>
    public long Late => _late.Value;

    /// <summary>When the next tick by interval is due, in the packets' time; the last there is when nobody knows.</summary>
    public long NextTickNs => ticks.NextNs;

    /// <summary>Hands over what was read.</summary>
    /// <param name="round">Dealt out already.</param>
    /// <param name="filtered">How many of its packets are nobody's.</param>
    public void Distribute(Round round, int filtered)
    {
        round.First = _next;
        if (_isFirst || ticks.IsOn)
        {
            SetMarks(round);
        }

        // Before the threads count: what is processed was accepted.
        _filtered.Value += filtered;
        _accepted.Value += round.Packets.Count - filtered;
        HandOver(round);
    }

    /// <summary>A mark behind all that was let in, handed over at once.</summary>
    public void Send(MarkKind kind)
    {
        Round round = free.Take();
        round.First = _next;
        round.Marks.Add(new Mark(0, round.OrderBefore(0), kind, default));
        _isFirst |= kind == MarkKind.Resume;
        HandOver(round);
    }

    /// <summary>Gives the ticks up to a time that nothing earlier than will come any more.</summary>
    public void Advance(long watermarkNs)
    {
        ticks.BeginRound();
        if (watermarkNs > long.MinValue && watermarkNs < long.MaxValue && ticks.TryBefore(watermarkNs, out Tick tick, out int more))
        {
            Round round = free.Take();
            round.First = _next;
            Mark(round, 0, MarkKind.Tick, tick, more);
            HandOver(round);
        }
    }

    public void Discard(int packets) => _discarded.Value += packets;

    private void HandOver(Round round)
    {
        _next += round.Packets.Count;
        round.HandTo(lanes);
    }

    private void SetMarks(Round round)
    {
        ticks.BeginRound();
        PacketBatch packets = round.Packets;
        for (int i = 0; i < packets.Count && (_isFirst || ticks.IsOn); i++)
        {
            ref readonly PacketRecord packet = ref packets.RecordOf(i);
            if (packet.Kind == PacketKind.Meta || round.IsNobodys(i))
            {
                continue;
            }

            if (_isFirst)
            {
                _isFirst = false;
                Mark(round, i, MarkKind.First, new Tick(default, 0, packet.TimeNs));
            }

            _late.Value += ticks.IsLate(packet.TimeNs) ? 1 : 0;
            if (ticks.TryBefore(packet.TimeNs, out Tick tick, out int more))
            {
                Mark(round, i, MarkKind.Tick, tick, more);
            }

            if (ticks.TryAfter(packet.TimeNs, out tick))
            {
                Mark(round, i + 1, MarkKind.Tick, tick);
            }
        }
    }

    private static void Mark(Round round, int index, MarkKind kind, Tick tick, int more = 0) =>
        round.Marks.Add(new Mark(index, round.OrderBefore(index), kind, tick, more));
}
