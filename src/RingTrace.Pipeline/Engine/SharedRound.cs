namespace RingTrace.Pipeline.Engine;

/// <summary>
/// What the source has read at once, on its way: one object that all processing threads look through at the same time, each for what
/// is its own, and for all marks. The last thread that is done gives it back, so rounds go in a circle, and when a thread is slow the
/// source waits for one, and so does the file.
/// </summary>
/// <remarks>Written by the source's thread before it is handed over (the queue's lock is the barrier), read only behind that.</remarks>
internal abstract class SharedRound
{
    private int _readers;

    /// <summary>What there is to meet in between, in order.</summary>
    public List<Mark> Marks { get; } = [];

    /// <summary>Whatever comes later has at least this order.</summary>
    public abstract long Watermark { get; }

    /// <summary>By the source: hands it to all threads.</summary>
    public void HandTo(Lane[] lanes)
    {
        Volatile.Write(ref _readers, lanes.Length);
        foreach (Lane lane in lanes)
        {
            lane.Add(this);
        }
    }

    /// <summary>By a thread: done with what is its own. The last one gives it back; the decrement is the barrier between them.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _readers) == 0)
        {
            Return();
        }
    }

    /// <summary>Empties it and gives it back.</summary>
    public abstract void Return();
}
