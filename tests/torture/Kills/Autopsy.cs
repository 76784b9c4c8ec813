using RingTrace.Formats;

namespace RingTrace.Torture.Kills;

/// <summary>Numbers of a thread's events that are not in the trace: from the first, up to before the last.</summary>
/// <param name="Thread">Whose.</param>
/// <param name="From">The first.</param>
/// <param name="To">The one after the last.</param>
/// <param name="After">The time of the event before it; 0 when there is none.</param>
internal readonly record struct MissingEvents(int Thread, long From, long To, ulong After)
{
    public long Count => To - From;
}

/// <summary>
/// All events of a victim, as they are in the trace that was recovered from it: each is whole, none is there twice, and those
/// of a thread are in their order.
/// </summary>
internal sealed class Autopsy
{
    private readonly long[] _next = new long[KillPlan.Threads];
    private readonly ulong[] _time = new ulong[KillPlan.Threads];
    private readonly int[] _cpu = new int[KillPlan.Threads];

    private Autopsy(bool isPinned) => IsPinned = isPinned;

    /// <summary>Events in the trace.</summary>
    public long Count { get; private set; }

    /// <summary>Of these, events whose calls had not returned.</summary>
    public long Unreported { get; private set; }

    public List<MissingEvents> Missing { get; } = [];

    private bool IsPinned { get; }

    /// <summary>Reads a trace whole.</summary>
    /// <exception cref="InvalidDataException">Something is torn, doubled or out of order, or the reader reports a problem.</exception>
    public static Autopsy Of(string trace, KillPlan plan, Progress progress)
    {
        Autopsy found = new(plan.IsPinned);
        TraceReader reader = TraceReader.Open(trace);
        foreach (EventView item in reader.Events())
        {
            found.Add(item);
        }

        if (reader.Problems.Count > 0)
        {
            throw new InvalidDataException($"the reader says: {reader.Problems[0].Message}");
        }

        for (int thread = 0; thread < KillPlan.Threads; thread++)
        {
            found.End(thread, progress[thread]);
        }

        return found;
    }

    private void Add(EventView item)
    {
        int thread = (int)item.GetInt64(0);
        long number = item.GetInt64(1);
        bool isWhole = (uint)thread < KillPlan.Threads && number >= 0 && (Beats.IsText(number)
            ? Beats.IsTextOf(thread, number, item.GetText(2)) : item.GetUInt64(2) == Beats.CheckOf(thread, number));
        if (!isWhole)
        {
            throw new InvalidDataException($"torn: {item.ToString()} at {item.Ticks}");
        }

        if (number < _next[thread])
        {
            throw new InvalidDataException($"event {number} of thread {thread} comes after {_next[thread] - 1}");
        }

        if (IsPinned && _time[thread] != 0 && item.Cpu != _cpu[thread])
        {
            throw new InvalidDataException($"thread {thread} is pinned, and wrote on CPU {_cpu[thread]} and {item.Cpu}");
        }

        Skip(thread, number);
        _next[thread] = number + 1;
        _time[thread] = item.Ticks;
        _cpu[thread] = item.Cpu;
        Count++;
    }

    /// <summary>One event may have been written whose call did not return.</summary>
    private void End(int thread, long reported)
    {
        if (_next[thread] > reported + 1)
        {
            throw new InvalidDataException($"thread {thread} says {reported} are written, and event {_next[thread] - 1} is there");
        }

        Unreported += Math.Max(0, _next[thread] - reported);
        Skip(thread, reported);
    }

    private void Skip(int thread, long to)
    {
        if (to > _next[thread])
        {
            Missing.Add(new MissingEvents(thread, _next[thread], to, _time[thread]));
        }
    }
}
