namespace RingTrace.Pipeline.Engine;

/// <summary>The way to one processing thread: the rounds it has not taken yet, and how many packets went by.</summary>
internal sealed class Lane
{
    private readonly CirclingQueue<SharedRound> _rounds = new();
    private Counter _given;
    private Counter _processed;
    private Counter _discarded;
    private Counter _late;
    private Counter _errors;

    /// <summary>Packets that were given to the thread. By the source.</summary>
    public long Given
    {
        get => _given.Value;
        set => _given.Value = value;
    }

    /// <summary>Packets that the thread has worked on. By the thread.</summary>
    public long Processed
    {
        get => _processed.Value;
        set => _processed.Value = value;
    }

    /// <summary>Packets that the thread has given up. By the thread.</summary>
    public long Discarded
    {
        get => _discarded.Value;
        set => _discarded.Value = value;
    }

    /// <summary>Events that came when later ones had been worked on. By the thread.</summary>
    public long Late
    {
        get => _late.Value;
        set => _late.Value = value;
    }

    /// <summary>Places where packets of events are damaged. By the thread.</summary>
    public long Errors
    {
        get => _errors.Value;
        set => _errors.Value = value;
    }

    /// <summary>How many packets wait for the thread.</summary>
    public long Backlog => Given - Processed - Discarded;

    public void Add(SharedRound round) => _rounds.Add(round);

    /// <summary>By the thread: the next round.</summary>
    /// <returns>Null when the time is over or somebody called <see cref="Wake"/>.</returns>
    public SharedRound? Take(int milliseconds) => _rounds.Take(milliseconds);

    public void Wake() => _rounds.Wake();
}
