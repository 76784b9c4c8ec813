using System.Diagnostics;

namespace RingTrace.Benchmarks.Measuring;

/// <summary>What one repetition is to do.</summary>
/// <param name="Loop">The event's loops.</param>
/// <param name="Spaced">Whether there is work between the events.</param>
/// <param name="Duration">How long; at least one block.</param>
/// <param name="Events">After how many events it ends earlier; in whole blocks.</param>
internal sealed record Repetition(EventLoop Loop, bool Spaced, TimeSpan Duration, long Events = long.MaxValue);

/// <summary>One thread that emits events, pinned to its CPU, with an id that goes on over all repetitions.</summary>
internal sealed class EventThread
{
    private static readonly double NsPerTick = 1e9 / Stopwatch.Frequency;

    private readonly BlockTimes _times = new();
    private ulong _chain = 1;

    /// <summary>The id of the next event.</summary>
    public long NextId { get; private set; }

    /// <summary>
    /// Runs blocks until the time is over; the clock is read between blocks only. Where events are spaced, every
    /// second block is without them.
    /// </summary>
    public Sample Run(Repetition repetition)
    {
        _times.Clear();
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long cpu = ThreadClock.Nanoseconds;
        long firstId = NextId;
        RunBlocks(repetition);
        long count = NextId - firstId;
        cpu = ThreadClock.Nanoseconds - cpu;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        (double idle, double events) = _times.Means();
        return new Sample(
            (events - idle) * NsPerTick / EventLoop.BlockEvents,
            idle * NsPerTick / EventLoop.BlockEvents,
            (double)cpu / count,
            count,
            (double)allocated / count);
    }

    private void RunBlocks(Repetition repetition)
    {
        long lastId = repetition.Events == long.MaxValue ? long.MaxValue : NextId + repetition.Events;
        long start = Stopwatch.GetTimestamp();
        long end = repetition.Duration == TimeSpan.MaxValue
            ? long.MaxValue : start + (long)(repetition.Duration.TotalSeconds * Stopwatch.Frequency);
        long now = start;
        do
        {
            long begin = now, between = now;
            if (repetition.Spaced)
            {
                _chain = EventLoop.RunBase(_chain);
                between = Stopwatch.GetTimestamp();
                _chain = repetition.Loop.RunSpaced(NextId, _chain);
            }
            else
            {
                repetition.Loop.Run(NextId);
            }

            now = Stopwatch.GetTimestamp();
            NextId += EventLoop.BlockEvents;
            _times.Add(between - begin, now - between);
        }
        while (now < end && NextId < lastId && !_times.IsFull);
    }
}
