namespace RingTrace.Pipeline.Engine;

/// <summary>Decides between which packets ticks are. By the packets' own times and numbers, so a file gives the same each time.</summary>
internal sealed class TickMaker(long intervalNs, long count)
{
    /// <summary>Of so many intervals without packets each has its tick; a longer gap is one step.</summary>
    private const long MostEmpty = 100_000;

    private long _packets;
    private long _boundary = long.MinValue;
    private long _intervals;
    private long _counts;
    private Counter _late;

    /// <summary>Packets that came behind the tick of their interval.</summary>
    public long Late => _late.Value;

    /// <summary>Whether there are any.</summary>
    public bool IsOn => intervalNs > 0 || count > 0;

    /// <summary>The next tick that comes before a packet of this time; call it until there is none.</summary>
    public bool TryBefore(long timeNs, out Tick tick)
    {
        tick = default;
        if (intervalNs == 0)
        {
            return false;
        }

        if (_boundary == long.MinValue)
        {
            _boundary = EndOf(timeNs);
            return false;
        }

        if (timeNs < _boundary)
        {
            _late.Value += _intervals > 0 && timeNs < _boundary - intervalNs ? 1 : 0;
            return false;
        }

        long behind = (timeNs - _boundary) / intervalNs;
        if (behind > MostEmpty)
        {
            (_boundary, _intervals) = (_boundary + (behind * intervalNs), _intervals + behind);
        }

        tick = new Tick(TickKind.Interval, ++_intervals, _boundary);
        _boundary = _boundary > long.MaxValue - intervalNs ? long.MaxValue : _boundary + intervalNs;
        return true;
    }

    /// <summary>The tick that comes behind this packet.</summary>
    public bool TryAfter(long timeNs, out Tick tick)
    {
        bool isDue = count > 0 && ++_packets % count == 0;
        tick = isDue ? new Tick(TickKind.Count, ++_counts, timeNs) : default;
        return isDue;
    }

    /// <summary>The end of the interval that a time is in; intervals are counted from 1970 on.</summary>
    private long EndOf(long timeNs)
    {
        long begin = timeNs - (((timeNs % intervalNs) + intervalNs) % intervalNs);
        return begin > long.MaxValue - intervalNs ? long.MaxValue : begin + intervalNs;
    }
}
