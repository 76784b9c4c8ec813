using RingTrace.Packets;

namespace RingTrace.Pipeline.Engine;

/// <summary>
/// Gives packets their order and their thread, and sets marks between them. All of it under the
/// gatekeeper's lock, but for the counts.
/// </summary>
/// <remarks>
/// Each batch of the source is a round: afterwards every lane is handed over, empty or not, with the order that has been
/// reached. So each thread knows how far the source is, an idle one too, and the reporter by them. Lanes are handed over in
/// turn, so no lane is more than a round ahead of another, and the oldest result that is waited for is always under way.
/// </remarks>
internal sealed class Distributor(DeliveryLane[] lanes, TickMaker ticks)
{
    private long _order;
    private bool _isFirst = true;
    private Counter _accepted;
    private Counter _filtered;
    private Counter _discarded;

    /// <summary>Let in.</summary>
    public long Accepted => _accepted.Value;

    public long Filtered => _filtered.Value;

    public long Discarded => _discarded.Value;

    /// <summary>Of those let in: earlier than a tick that was given.</summary>
    public long Late => ticks.Late;

    /// <summary>Sends each packet to its thread.</summary>
    /// <param name="batch">What was read.</param>
    /// <param name="targets">For each its thread; negative is filtered out.</param>
    public void Distribute(PacketBatch batch, ReadOnlySpan<int> targets)
    {
        int filtered = 0;
        bool hasTicks = ticks.IsOn;
        for (int i = 0; i < batch.Count; i++)
        {
            int target = targets[i];
            if (target < 0)
            {
                filtered++;
                continue;
            }

            ref readonly PacketRecord packet = ref batch.RecordOf(i);
            bool isPacket = packet.Kind == PacketKind.Packet;
            if (isPacket && (_isFirst || hasTicks))
            {
                MarkBefore(packet.TimeNs);
            }

            DeliveryLane lane = lanes[target];
            if (lane.Open.IsFull)
            {
                lane.HandOver(_order + 1);
            }

            lane.Open.Packets.Add(batch, i, ++_order);
            if (isPacket && hasTicks && ticks.TryAfter(packet.TimeNs, out Tick tick))
            {
                Mark(MarkKind.Tick, tick);
            }
        }

        _filtered.Value += filtered;
        _accepted.Value += batch.Count - filtered;
        HandOver();
    }

    /// <summary>A mark behind all that was let in, handed over at once.</summary>
    public void Send(MarkKind kind)
    {
        Mark(kind, default);
        _isFirst |= kind == MarkKind.Resume;
        HandOver();
    }

    public void Discard(int packets) => _discarded.Value += packets;

    private void MarkBefore(long timeNs)
    {
        if (_isFirst)
        {
            _isFirst = false;
            Mark(MarkKind.First, new Tick(default, 0, timeNs));
        }

        while (ticks.TryBefore(timeNs, out Tick tick))
        {
            Mark(MarkKind.Tick, tick);
        }
    }

    private void Mark(MarkKind kind, Tick tick)
    {
        _order++;
        foreach (DeliveryLane lane in lanes)
        {
            if (lane.Open.Marks.Count == Delivery.MostMarks)
            {
                lane.HandOver(_order);
            }

            lane.Open.Marks.Add(new Mark(lane.Open.Packets.Count, _order, kind, tick));
        }
    }

    private void HandOver()
    {
        foreach (DeliveryLane lane in lanes)
        {
            lane.HandOver(_order + 1);
        }
    }
}
