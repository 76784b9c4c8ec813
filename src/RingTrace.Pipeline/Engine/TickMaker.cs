namespace RingTrace.Pipeline.Engine;

/// <summary>Decides between which packets ticks are. By the packets' own times and numbers, so a file gives the same each time.</summary>
internal sealed class TickMaker(long intervalNs, long count)
{
    /// <summary>Of so many intervals without packets each has its tick; a longer gap is one step, and so are gaps when they are too many.</summary>
    private const int MostEmpty = 100_000;

    private long _packets;
    private long _boundary = long.MinValue;
    private long _intervals;
    private long _counts;
    private int _emptyLeft;

    /// <summary>When the next tick by interval is; the last there is when nobody knows.</summary>
    public long NextNs => intervalNs == 0 || _boundary == long.MinValue ? long.MaxValue : _boundary;

    /// <summary>Whether there are any.</summary>
    public bool IsOn => intervalNs > 0 || count > 0;

    /// <summary>What is between two ticks of intervals.</summary>
    public long IntervalNs => intervalNs;

    /// <summary>Another round begins, with a bound of its own on how many ticks there are between packets.</summary>
    public void BeginRound() => _emptyLeft = MostEmpty;

    /// <summary>Whether the tick of a packet's interval was given already.</summary>
    public bool IsLate(long timeNs) => _intervals > 0 && timeNs < _boundary - intervalNs;

    /// <summary>The ticks that come before a packet of this time.</summary>
    /// <param name="timeNs">The packet's time.</param>
    /// <param name="first">The first one.</param>
    /// <param name="more">So many are behind it, each an interval later.</param>
    /// <returns>False when there are none.</returns>
    public bool TryBefore(long timeNs, out Tick first, out int more)
    {
        (first, more) = (default, 0);
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
            return false;
        }

        // Without a sign: a file may step from one end of time to the other.
        long behind = (long)(((ulong)timeNs - (ulong)_boundary) / (ulong)intervalNs);
        if (behind > _emptyLeft)
        {
            (_boundary, _intervals, behind) = (_boundary + (behind * intervalNs), _intervals + behind, 0);
        }

        first = new Tick(TickKind.Interval, _intervals + 1, _boundary);
        more = (int)behind;
        _emptyLeft -= more;
        _intervals += behind + 1;
        _boundary += behind * intervalNs;
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
        long left = intervalNs - (((timeNs % intervalNs) + intervalNs) % intervalNs);
        return timeNs > long.MaxValue - left ? long.MaxValue : timeNs + left;
    }
}
