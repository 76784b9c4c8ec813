namespace RingTrace.Exploration.Tests;

/// <summary>A few words of memory and threads that work on them; fails when the end is one that must not be.</summary>
internal sealed unsafe class Litmus : Scenario
{
    private readonly Action<Litmus>[] _bodies;
    private readonly Func<Litmus, bool> _isForbidden;
    private readonly ulong* _words;

    public Litmus(Func<Litmus, bool> isForbidden, params Action<Litmus>[] bodies)
    {
        _isForbidden = isForbidden;
        _bodies = bodies;
        Arena = new Arena(4096);
        _words = (ulong*)Arena.Allocate(512);
        Arena.KeepImage();
        Threads = [.. bodies.Select((_, i) => $"t{i}")];
    }

    public override Arena Arena { get; }

    public override IReadOnlyList<string> Threads { get; }

    /// <summary>What the threads have read; theirs by agreement.</summary>
    public ulong[] Seen { get; } = new ulong[8];

    /// <summary>How many of the threads, from the first on, may die where deaths are allowed.</summary>
    public int Mortals { get; init; }

    public override bool IsMortal(int thread) => thread < Mortals;

    /// <summary>How many of the threads, from the first on, are on one CPU; the others have their own.</summary>
    public int OnOneCpu { get; init; }

    public override int CpuOf(int thread) => thread < OnOneCpu ? 0 : thread + 1;

    /// <summary>Where a word lies, a cache line from the next.</summary>
    public ulong* At(int word) => _words + (word * 8);

    public ulong Load(int word) => ExplorerMachine.Load(_words + (word * 8));

    public void Store(int word, ulong value) => ExplorerMachine.Store(_words + (word * 8), value);

    public void Put(int word, ulong value) => ExplorerMachine.Put((byte*)(_words + (word * 8)), in value);

    public void Add(int word, ulong value) => ExplorerMachine.Add(_words + (word * 8), value);

    public override void Reset() => Array.Clear(Seen);

    public override void Execute(LogicalThread thread) => _bodies[thread.Index](this);

    public override void AtEnd()
    {
        if (_isForbidden(this))
        {
            Run.Fail("forbidden");
        }
    }

    public override void Dispose() => Arena.Dispose();
}
