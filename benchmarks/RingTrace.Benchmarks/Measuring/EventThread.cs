using System.Diagnostics;

namespace RingTrace.Benchmarks.Measuring;

/// <summary>What one repetition is to do.</summary>
/// <param name="Loop">The event's loops.</param>
/// <param name="Spaced">Whether there is work between the events.</param>
/// <param name="Duration">How long; at least one block.</param>
/// <param name="Events">After how many events it ends earlier; in whole blocks. Back to back only.</param>
internal sealed record Repetition(EventLoop Loop, bool Spaced, TimeSpan Duration, long Events = long.MaxValue);

/// <summary>One thread that emits events, pinned to its CPU, with an id that goes on over all repetitions.</summary>
internal sealed class EventThread
{
    private static readonly double NsPerTick = 1e9 / Stopwatch.Frequency;

    private ulong _chain = 1;

    /// <summary>The id of the next event.</summary>
    public long NextId { get; private set; }

    /// <summary>
    /// Runs blocks until the time is over; the clock is read between blocks only. Where events are spaced, every
    /// second block is without them.
    /// </summary>
    public Sample Run(Repetition repetition)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        long cpu = ThreadClock.Nanoseconds;
        long firstId = NextId;
        (long events, long idle) = repetition.Spaced ? RunSpaced(repetition) : (RunBackToBack(repetition), 0);
        long count = NextId - firstId;
        cpu = ThreadClock.Nanoseconds - cpu;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return new Sample(
            (events - idle) * NsPerTick / count,
            idle * NsPerTick / count,
            (double)cpu / count,
            count,
            (double)allocated / count);
    }

    private static long EndOf(Repetition repetition, long start) =>
        start + (long)(repetition.Duration.TotalSeconds * Stopwatch.Frequency);

    private long RunBackToBack(Repetition repetition)
    {
        long lastId = repetition.Events == long.MaxValue ? long.MaxValue : NextId + repetition.Events;
        long start = Stopwatch.GetTimestamp();
        long end = EndOf(repetition, start);
        long now;
        do
        {
            repetition.Loop.Run(NextId);
            NextId += EventLoop.BlockEvents;
            now = Stopwatch.GetTimestamp();
        }
        while (now < end && NextId < lastId);
        return now - start;
    }

    private (long Events, long Idle) RunSpaced(Repetition repetition)
    {
        long events = 0, idle = 0;
        long start = Stopwatch.GetTimestamp();
        long end = EndOf(repetition, start);
        long now = start;
        do
        {
            _chain = EventLoop.RunBase(_chain);
            long between = Stopwatch.GetTimestamp();
            _chain = repetition.Loop.RunSpaced(NextId, _chain);
            NextId += EventLoop.BlockEvents;
            idle += between - now;
            now = Stopwatch.GetTimestamp();
            events += now - between;
        }
        while (now < end);
        return (events, idle);
    }
}
