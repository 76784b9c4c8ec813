using System.Diagnostics;

namespace RingTrace;

/// <summary>
/// Lets through what an event's limits allow, and counts the rest. Stands only before events that have limits. Any
/// thread may ask at any time: no lock, no allocation.
/// </summary>
/// <param name="limits">What is let through.</param>
/// <param name="first">Where it goes.</param>
/// <param name="tally">What stays when the gate is replaced.</param>
internal sealed class EventGate(EventLimits limits, EventBinding first, EventTally tally)
{
    /// <summary>An event that has no duration passes every threshold.</summary>
    public const long NoDuration = long.MaxValue;

    [ThreadStatic]
    private static ulong t_random;

    public EventBinding First => first;

    /// <summary>Whether this record is kept.</summary>
    /// <param name="nanoseconds">How long the span was; <see cref="NoDuration"/> for what is no span.</param>
    public bool Admits(long nanoseconds) => Admits(nanoseconds, Environment.TickCount64);

    internal bool Admits(long nanoseconds, long milliseconds)
    {
        // The cheapest first; the throttle last, for it counts what it lets through.
        if (nanoseconds >= limits.ThresholdNanoseconds
            && (limits.OneIn <= 1 || IsDrawn((uint)limits.OneIn))
            && (limits.MostPerSecond == 0 || tally.IsWithinRate((uint)limits.MostPerSecond, (uint)(milliseconds / 1000))))
        {
            return true;
        }

        tally.Suppressed.Add();
        return false;
    }

    /// <summary>One of so many by chance, not by turns: a pattern in the calls cannot hide from it.</summary>
    private static bool IsDrawn(uint oneIn)
    {
        ulong random = t_random;
        if (random == 0)
        {
            random = ((ulong)Stopwatch.GetTimestamp() ^ ((ulong)Environment.CurrentManagedThreadId << 32)) | 1;
        }

        // xorshift64* (Marsaglia; Vigna 2016): the high half is the good one.
        random ^= random >> 12;
        random ^= random << 25;
        random ^= random >> 27;
        t_random = random;
        return ((random * 0x2545F4914F6CDD1D >> 32) * oneIn) >> 32 == 0;
    }
}

/// <summary>What of an event's limits outlives each of its gates, for any recorder's start or end makes a new one.</summary>
internal sealed class EventTally
{
    // {the second, 32 bits | records let through in it, 32 bits}.
    private ulong _window;

    /// <summary>What the limits have held back.</summary>
    public StripedCount Suppressed { get; } = new();

    /// <summary>Takes one of those that may pass in a second; false when none is left.</summary>
    public bool IsWithinRate(uint most, uint second)
    {
        while (true)
        {
            // Who read the clock before others opened the next window counts in that one: it is never turned back.
            ulong window = Volatile.Read(ref _window);
            bool isOver = (int)(second - (uint)(window >> 32)) > 0;
            ulong next = isOver ? ((ulong)second << 32) | 1 : window + 1;
            if ((uint)next > most)
            {
                return false;
            }

            // Who loses against another thread has seen that one make progress.
            if (Interlocked.CompareExchange(ref _window, next, window) == window)
            {
                return true;
            }
        }
    }
}

/// <summary>A count to which every CPU adds in a cache line of its own.</summary>
internal sealed class StripedCount
{
    private const int LongsPerLine = 16;

    private readonly long[] _lines = new long[(Environment.ProcessorCount + 1) * LongsPerLine];

    public long Value
    {
        get
        {
            long sum = 0;
            for (int i = LongsPerLine; i < _lines.Length; i += LongsPerLine)
            {
                sum += Volatile.Read(ref _lines[i]);
            }

            return sum;
        }
    }

    /// <summary>The first line is left empty: it shares one with the array's head.</summary>
    public void Add()
    {
        int line = 1 + (int)((uint)Thread.GetCurrentProcessorId() % (uint)Environment.ProcessorCount);
        Interlocked.Increment(ref _lines[line * LongsPerLine]);
    }
}
