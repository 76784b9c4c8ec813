namespace RingTrace.Pipeline.Sources.Events;

/// <summary>When rings are visited, and what a visit is sure of.</summary>
/// <remarks>
/// A writer reads the clock and then writes: a few nanoseconds later, unless its CPU is taken away in between. So a visit that
/// found all that was written is sure of what the clock said a while before the visit. An event waits for that while and a visit
/// or two: less than 100 ms.
/// </remarks>
internal sealed class LiveClock
{
    /// <summary>How long a writer may take from reading the clock to writing, or its event may come late.</summary>
    private static readonly TimeSpan s_slack = TimeSpan.FromMilliseconds(25);

    /// <summary>How often what is written of packets that are not full is looked at, too.</summary>
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(10);

    /// <summary>So much shorter than it was asked for a wait may be: the system's coarse clock.</summary>
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(4);

    private const int MostWait = 10;

    /// <summary>So long visits may be unsure: of a writer that was stopped between reserving and committing.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(450);

    private readonly Func<ulong> _now;
    private readonly TimeProvider _time;
    private readonly Queue<(long At, ulong Ticks)> _past = new();
    private long _full;

    /// <summary>How long to wait as far as that depends on what was found, in milliseconds: twice as long, while it is nothing.</summary>
    private int _quiet = MostWait;
    private ulong? _sure;
    private bool _wasCut;

    /// <summary>Since when visits have been unsure; 0 when they are not.</summary>
    private long _unsure;

    /// <param name="now">The recorder's clock.</param>
    /// <param name="time">What waits are measured by.</param>
    public LiveClock(Func<ulong> now, TimeProvider time)
    {
        (_now, _time) = (now, time);
        _past.Enqueue((time.GetTimestamp(), now()));
    }

    /// <summary>How many milliseconds to wait before the next visit. The first one is sure of what was before this began.</summary>
    public int Wait { get; private set; } = (int)(s_slack + s_tick).TotalMilliseconds + 1;

    /// <summary>Begins a visit.</summary>
    /// <returns>Whether it is to look at all that is written.</returns>
    public bool Begin()
    {
        long at = _time.GetTimestamp();
        bool isFull = _full == 0 || _wasCut || _time.GetElapsedTime(_full, at) >= s_period - s_tick;
        if (isFull)
        {
            _full = at;
            while (_past.TryPeek(out (long At, ulong) past) && _time.GetElapsedTime(past.At, at) >= s_slack)
            {
                _sure = _past.Dequeue().Ticks;
            }

            _past.Enqueue((at, _now()));
        }

        return isFull;
    }

    /// <summary>Ends it.</summary>
    /// <param name="packets">How many it found.</param>
    /// <param name="isFull">Whether it looked at all that is written.</param>
    /// <param name="isComplete">Whether it got that, then, as far as it was not cut short.</param>
    /// <param name="isCut">Whether it was cut short: the next one follows at once, and looks at all that is written.</param>
    /// <returns>All that is earlier than this has been found, but for what it was cut short of; null when nothing is new.</returns>
    public ulong? End(int packets, bool isFull, bool isComplete, bool isCut)
    {
        _quiet = packets == 0 && !isCut ? Math.Min(2 * Math.Max(1, _quiet), MostWait) : packets > 0 && isCut ? 0 : 1;

        // Not beyond when all is to be looked at again.
        Wait = Math.Min(_quiet, Math.Max(1, (int)Math.Ceiling((s_period - _time.GetElapsedTime(_full)).TotalMilliseconds)));
        _wasCut = isCut;
        if (!isFull)
        {
            return null;
        }

        _unsure = isComplete ? 0 : _unsure == 0 ? _time.GetTimestamp() : _unsure;
        return _unsure == 0 || _time.GetElapsedTime(_unsure) > s_patience ? _sure : null;
    }
}
