namespace RingTrace.Tool.Net.Stats;

/// <summary>Packets and bytes of one interval.</summary>
internal record struct RateBin(long Packets, long WireBytes);

/// <summary>
/// How much came in each interval of time, from the first packet's to the last one's, the empty ones included. Intervals begin at
/// multiples of their length since 1970. When there would be too many they become ten times as long.
/// </summary>
/// <param name="interval">How long an interval is at first, in nanoseconds.</param>
/// <param name="most">At most so many, whatever times the packets have.</param>
internal sealed class RateSeries(long interval, int most)
{
    private const int Coarser = 10;

    private readonly RateBin[] _bins = new RateBin[most];

    /// <summary>The first interval's number, counted from 1970.</summary>
    private long _first;
    private int _count;

    /// <summary>In nanoseconds.</summary>
    public long Interval { get; private set; } = interval;

    /// <summary>From the first that has a packet to the last one.</summary>
    public ReadOnlySpan<RateBin> Bins => _bins.AsSpan(0, _count);

    /// <summary>When an interval begins, in nanoseconds since 1970.</summary>
    public long TimeOf(int bin) => (long)Int128.Max((Int128)(_first + bin) * Interval, long.MinValue);

    /// <param name="time">In nanoseconds since 1970, in any order.</param>
    /// <param name="wireLength">How long the packet was.</param>
    public void Add(long time, uint wireLength)
    {
        long number = NumberOf(time);
        if (number < _first || Distance(_first, number) >= (ulong)_count)
        {
            number = Include(time);
        }

        ref RateBin bin = ref _bins[number - _first];
        bin.Packets++;
        bin.WireBytes += wireLength;
    }

    /// <summary>Even of the farthest numbers.</summary>
    private static ulong Distance(long from, long to) => (ulong)to - (ulong)from;

    private static long Floor(long dividend, long divisor) => dividend / divisor - (dividend % divisor < 0 ? 1 : 0);

    private long NumberOf(long time) => Floor(time, Interval);

    /// <summary>Makes room for a time before or behind all others.</summary>
    /// <returns>The number of its interval.</returns>
    private long Include(long time)
    {
        while (true)
        {
            long number = NumberOf(time);
            long first = _count == 0 ? number : Math.Min(number, _first);
            long last = _count == 0 ? number : Math.Max(number, _first + _count - 1);
            ulong count = Distance(first, last) + 1;
            if (count - 1 < (ulong)most)
            {
                if (_count > 0 && first < _first)
                {
                    int shift = (int)Distance(first, _first);
                    Array.Copy(_bins, 0, _bins, shift, _count);
                    Array.Clear(_bins, 0, shift);
                }

                (_first, _count) = (first, (int)count);
                return number;
            }

            Coarsen();
        }
    }

    private void Coarsen()
    {
        long first = Floor(_first, Coarser);
        int count = 0;
        for (int i = 0; i < _count; i++)
        {
            int target = (int)(Floor(_first + i, Coarser) - first);
            RateBin bin = _bins[i];
            _bins[i] = default;
            _bins[target].Packets += bin.Packets;
            _bins[target].WireBytes += bin.WireBytes;
            count = target + 1;
        }

        (_first, _count, Interval) = (first, count, Interval * Coarser);
    }
}
