namespace RingTrace.Benchmarks.Measuring;

/// <summary>
/// How long the blocks of one repetition took. A block that took more than <see cref="OffCpu"/> times the median was
/// off the CPU: another process had it, or the hypervisor did. It is left out, with its partner, whichever of the two it
/// is. What an event itself does now and then, such as opening a sub-buffer, is far below that and stays in.
/// </summary>
/// <remarks>All contenders count so, those in C and Java too.</remarks>
internal sealed class BlockTimes
{
    /// <summary>A repetition ends when it has so many.</summary>
    public const int Capacity = 1 << 16;

    private const int OffCpu = 8;
    private readonly long[] _base = new long[Capacity];
    private readonly long[] _events = new long[Capacity];
    private readonly long[] _sorted = new long[Capacity];

    public int Count { get; private set; }

    public bool IsFull => Count == Capacity;

    public void Clear() => Count = 0;

    /// <summary>A block, and the one without events before it; 0 when there was none.</summary>
    public void Add(long withoutEvents, long withEvents)
    {
        _base[Count] = withoutEvents;
        _events[Count] = withEvents;
        Count++;
    }

    /// <summary>The mean of a block of either kind, in ticks.</summary>
    public (double Base, double Events) Means()
    {
        long baseLimit = OffCpu * MedianOf(_base), eventLimit = OffCpu * MedianOf(_events);
        double baseSum = 0, eventSum = 0;
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            if (_base[i] <= baseLimit && _events[i] <= eventLimit)
            {
                baseSum += _base[i];
                eventSum += _events[i];
                kept++;
            }
        }

        return kept == 0 ? (baseLimit / OffCpu, eventLimit / OffCpu) : (baseSum / kept, eventSum / kept);
    }

    private long MedianOf(long[] times)
    {
        Span<long> sorted = _sorted.AsSpan(0, Count);
        times.AsSpan(0, Count).CopyTo(sorted);
        sorted.Sort();
        return sorted[Count / 2];
    }
}
