namespace RingTrace.Formats;

/// <summary>What a stream lost.</summary>
/// <param name="EventsDiscarded">
/// Events that the tracer counted as lost between the first packet's end and the last's.
/// </param>
/// <param name="EventsDiscardedBefore">
/// Events that it had counted by the end of the first packet: lost in it or before.
/// </param>
/// <param name="PacketsLost">Packets that are missing between the first and the last, by their numbers.</param>
public readonly record struct StreamLosses(ulong EventsDiscarded, ulong EventsDiscardedBefore, ulong PacketsLost)
{
    /// <summary>Whether something within the trace's window is missing.</summary>
    public bool Any => EventsDiscarded != 0 || PacketsLost != 0;

    /// <summary>The losses of both.</summary>
    public static StreamLosses operator +(StreamLosses left, StreamLosses right) => new(
        left.EventsDiscarded + right.EventsDiscarded,
        left.EventsDiscardedBefore + right.EventsDiscardedBefore,
        left.PacketsLost + right.PacketsLost);

    /// <summary>The losses of both.</summary>
    public static StreamLosses Add(StreamLosses left, StreamLosses right) => left + right;
}

/// <summary>Follows the counters of a stream's packets.</summary>
internal sealed class LossCounter
{
    private ulong? _firstNumber, _lastNumber, _firstDiscarded, _lastDiscarded;
    private ulong _packets, _events;
    private int _bits;

    public StreamLosses Totals => new(_events, _firstDiscarded ?? 0, _packets);

    /// <summary>The next packet.</summary>
    public void Add(in PacketHeader packet) =>
        Step(packet.SequenceNumber, packet.EventsDiscarded, packet.DiscardedBits);

    /// <summary>Packets are skipped before the next: what their counters say is not counted.</summary>
    public void Skip() => (_lastNumber, _lastDiscarded) = (null, null);

    /// <summary>What another counter saw of the packets that come next.</summary>
    public void Append(LossCounter next)
    {
        Step(next._firstNumber, next._firstDiscarded, next._bits);
        _lastNumber = next._lastNumber ?? _lastNumber;
        _lastDiscarded = next._lastDiscarded ?? _lastDiscarded;
        _packets += next._packets;
        _events += next._events;
    }

    private void Step(ulong? number, ulong? discarded, int discardedBits)
    {
        if (number > _lastNumber)
        {
            _packets += number.Value - _lastNumber.Value - 1;
        }

        if (discarded is not null && _lastDiscarded is not null)
        {
            // A counter of fewer than 64 bits wraps; one of 64 that falls is a lie and counts as nothing.
            ulong more = unchecked(discarded.Value - _lastDiscarded.Value);
            _events += discardedBits < 64 ? more & ulong.MaxValue >> (64 - discardedBits)
                : discarded >= _lastDiscarded ? more : 0;
        }

        _firstNumber ??= number;
        _firstDiscarded ??= discarded;
        _lastNumber = number ?? _lastNumber;
        _lastDiscarded = discarded ?? _lastDiscarded;
        _bits = discardedBits;
    }
}
