using RingTrace.Buffers;

namespace RingTrace.Exploration;

/// <summary>
/// What is explored: shared memory in a first state, threads that work on it through <see cref="ExplorerMachine"/>,
/// and what must hold after every step and at the end. Knows nothing of how schedules are chosen.
/// </summary>
internal abstract unsafe class Scenario : IDisposable
{
    /// <summary>What it is called in reports.</summary>
    public required string Name { get; init; }

    /// <summary>What order writes are seen in.</summary>
    public MemoryModel Model { get; init; }

    /// <summary>A seeded mistake that must be caught, if any.</summary>
    public Fault? Fault { get; init; }

    /// <summary>The shared memory. Its image is kept after construction.</summary>
    public abstract Arena Arena { get; }

    /// <summary>The names of the threads, which are so many.</summary>
    public abstract IReadOnlyList<string> Threads { get; }

    /// <summary>How many of the threads may die in one run; before any of their steps.</summary>
    public int MaxKills { get; init; }

    /// <summary>Whether this thread is one that may die.</summary>
    public virtual bool IsMortal(int thread) => false;

    /// <summary>The CPU a thread begins on. Threads of one CPU see each other's writes at once.</summary>
    public virtual int CpuOf(int thread) => thread;

    /// <summary>How often in one run a restartable section may be abandoned without any other thread's doing.</summary>
    public int MaxInterrupts { get; init; }

    /// <summary>How often in one run a thread that may move goes on on another CPU.</summary>
    public int MaxMoves { get; init; }

    /// <summary>Where this thread may go on, if anywhere.</summary>
    public virtual int? NextCpuOf(LogicalThread thread) => null;

    /// <summary>A mistake of the restartable primitive that must be caught, if any.</summary>
    public Mistake? Mistake { get; init; }

    /// <summary>Steps that no run needs; more of them is a loop without end.</summary>
    public int MaxSteps { get; init; } = 20_000;

    /// <summary>The run under way; set by the explorer.</summary>
    public Run Run { get; set; } = null!;

    /// <summary>Before each run: everything outside the arena into its first state.</summary>
    public abstract void Reset();

    /// <summary>The body of a thread. Its only inputs are what the machine gives it.</summary>
    public abstract void Execute(LogicalThread thread);

    /// <summary>A word has changed for all to see.</summary>
    public virtual void Written(LogicalThread thread, ulong* word, ulong before, ulong after)
    {
    }

    /// <summary>Bytes are about to change for all to see.</summary>
    public virtual void Writing(LogicalThread thread, byte* target, int length)
    {
    }

    /// <summary>A thread has loaded a word.</summary>
    public virtual void Loaded(LogicalThread thread, ulong* word, ulong value)
    {
    }

    /// <summary>A thread has found W as expected and begins to publish.</summary>
    public virtual void Publishing(LogicalThread thread, in Section section)
    {
    }

    /// <summary>What came of a thread's attempt to publish.</summary>
    public virtual void Published(LogicalThread thread, in Section section, PublishResult result)
    {
    }

    /// <summary>A thread has read the clock.</summary>
    public virtual void Read(LogicalThread thread, ulong now)
    {
    }

    /// <summary>All threads are done or dead: what must hold then. Runs on plain memory.</summary>
    public abstract void AtEnd();

    public abstract void Dispose();
}
