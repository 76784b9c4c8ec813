using System.Numerics;
using System.Runtime.CompilerServices;

namespace RingTrace.Exploration;

/// <summary>
/// One run of a scenario after another, each under a schedule that a chooser makes up as it goes. At every shared
/// access the running thread asks here who goes on: itself, another, or nobody (it dies).
/// </summary>
internal sealed unsafe partial class Run : IDisposable
{
    private readonly LogicalThread[] _threads;
    private readonly Baton _end = new();
    private readonly byte[] _readers;
    private readonly byte[] _writers;
    private readonly List<Decision> _decisions = [];
    private readonly int[] _options = new int[256];
    private readonly ushort[] _masks = new ushort[3 * StoreBuffer.Capacity];
    private IChooser _chooser = null!;
    private byte _clockUsers;
    private bool _isOver;
    private int _current;

    public Run(Scenario scenario, int cpu)
    {
        Scenario = scenario;
        Model = scenario.Model;
        scenario.Run = this;
        _readers = new byte[scenario.Arena.Words];
        _writers = new byte[scenario.Arena.Words];
        _threads = new LogicalThread[scenario.Threads.Count];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new LogicalThread(this, i, cpu);
        }
    }

    public Scenario Scenario { get; }

    public MemoryModel Model { get; }

    /// <summary>The clock: one tick per reading.</summary>
    public ulong Clock { get; set; }

    /// <summary>Accesses so far.</summary>
    public int Steps { get; private set; }

    /// <summary>Switches away from a thread that could have gone on, and early drains.</summary>
    public int Preemptions { get; private set; }

    public int Kills { get; private set; }

    /// <summary>Sections abandoned without another thread's doing.</summary>
    public int Interrupts { get; private set; }

    /// <summary>Threads that went on on another CPU.</summary>
    public int Moves { get; private set; }

    /// <summary>No schedule may have more preemptions than this.</summary>
    public int Bound { get; set; }

    /// <summary>What went wrong; null while nothing has.</summary>
    public string? Failure { get; private set; }

    /// <summary>The chooser gave up, having seen the rest.</summary>
    public bool IsCut { get; private set; }

    /// <summary>
    /// An access met one of another thread for the first time: until now its kind was taken for harmless, and no
    /// decision was made before it. What was explored under that belief must be explored again.
    /// </summary>
    public bool HasLearned { get; set; }

    /// <summary>This run's schedule; see <see cref="Schedule"/>.</summary>
    public string ScheduleText => Schedule.Write(_decisions, Scenario.Threads);

    public bool IsDead(int thread) => _threads[thread].IsKilled;

    /// <summary>Whether any thread is inside a restartable section.</summary>
    public bool IsAnyInSection
    {
        get
        {
            foreach (LogicalThread thread in _threads)
            {
                if (thread.IsInSection)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>All reads of all threads: runs that agree in it are the same interleaving.</summary>
    public ulong Histories
    {
        get
        {
            ulong hash = 0;
            foreach (LogicalThread thread in _threads)
            {
                hash = Mixing.Mix(hash, thread.History);
            }

            return hash;
        }
    }

    /// <summary>A hash of everything that decides how it goes on.</summary>
    public ulong State
    {
        get
        {
            ulong hash = Mixing.Mix(Scenario.Arena.Hash, Clock);
            hash = Mixing.Mix(hash, (ulong)(_current + 1 + (Kills << 8)));
            foreach (LogicalThread thread in _threads)
            {
                hash = Mixing.Mix(hash, thread.History + (thread.IsKilled ? 1ul << 63 : thread.IsDone ? 1ul << 62 : 0));
                if (thread.Buffer.Count != 0)
                {
                    hash = Mixing.Mix(hash, thread.Buffer.Hash);
                }
            }

            return hash;
        }
    }

    /// <summary>Runs the scenario once.</summary>
    public void Go(IChooser chooser)
    {
        _chooser = chooser;
        Scenario.Arena.Restore();
        Clock = 0;
        Steps = 0;
        Preemptions = 0;
        Kills = 0;
        Interrupts = 0;
        Moves = 0;
        Failure = null;
        IsCut = false;
        _isOver = false;
        _current = -1;
        _decisions.Clear();
        foreach (LogicalThread thread in _threads)
        {
            thread.Reset();
        }

        ExplorerMachine.t_run = this;
        ExplorerMachine.t_fault = Scenario.Fault;
        Scenario.Reset();
        StartNext();
        _end.Take();
        if (Failure is null && !IsCut)
        {
            try
            {
                Scenario.AtEnd();
            }
            catch (RunOver)
            {
            }
        }
    }

    /// <summary>Something does not hold: ends the run.</summary>
    public void Fail(string what)
    {
        Report(what);
        if (!IsCut)
        {
            throw RunOver.Instance;
        }
    }

    public void Report(string what)
    {
        if (IsCut)
        {
            return;
        }

        Failure ??= what;
        _isOver = true;
    }

    /// <summary>A thread is about to touch memory: who goes on?</summary>
    public void Before(LogicalThread thread, void* address, int length, bool isWrite)
    {
        bool isShared = Note(thread, address, length, isWrite);
        Step(thread, isShared || (isWrite && length != 8) || thread.IsInSection);
    }

    /// <summary>A thread is about to write what the others will see later: they cannot tell when it did.</summary>
    public void BeforeDelayed(LogicalThread thread, void* address, int length)
    {
        Note(thread, address, length, isWrite: true);
        Step(thread, thread.Buffer.Count == StoreBuffer.Capacity || thread.IsInSection);
    }

    /// <summary>A thread is at its end, with writes that the others do not see yet.</summary>
    public void BeforeEnd(LogicalThread thread) => Step(thread, isVisible: true);

    public void BeforeNow(LogicalThread thread)
    {
        byte users = (byte)(_clockUsers | (1 << thread.Index));
        HasLearned |= users != _clockUsers;
        _clockUsers = users;
        Step(thread, !BitOperations.IsPow2(users));
    }

    public void Write(LogicalThread thread, ulong* word, ulong value)
    {
        ulong before = *word;
        Scenario.Arena.Write(word, value);
        if (!IsCut)
        {
            Scenario.Written(thread, word, before, value);
        }
    }

    public void Write(LogicalThread thread, byte* target, ReadOnlySpan<byte> bytes)
    {
        if (!IsCut)
        {
            Scenario.Writing(thread, target, bytes.Length);
        }

        Scenario.Arena.Write(target, bytes);
    }

    public void Dispose()
    {
        foreach (LogicalThread thread in _threads)
        {
            thread.Dispose();
        }

        _end.Dispose();
    }

    /// <summary>Whether another thread's access to this memory matters to this one, or the other way round.</summary>
    private bool Note(LogicalThread thread, void* address, int length, bool isWrite)
    {
        Arena arena = Scenario.Arena;
        int last = arena.WordOf((byte*)address + length - 1);
        byte me = (byte)(1 << thread.Index);
        bool isShared = false;
        for (int word = arena.WordOf(address); word <= last; word++)
        {
            int before = _readers[word] | _writers[word];
            bool wasShared = _writers[word] != 0 && !BitOperations.IsPow2(before);
            _readers[word] |= me;
            if (isWrite)
            {
                _writers[word] |= me;
            }

            bool now = _writers[word] != 0 && !BitOperations.IsPow2(before | me);
            HasLearned |= now != wasShared;
            isShared |= now;
        }

        return isShared;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Step(LogicalThread thread, bool isVisible)
    {
        if (IsCut)
        {
            return;
        }

        if (++Steps > Scenario.MaxSteps)
        {
            Fail($"{Scenario.Threads[thread.Index]} does not come to an end in {Scenario.MaxSteps} steps");
        }

        if (isVisible || _chooser.IsAskedAlways)
        {
            Decide(thread);
        }
    }
}
