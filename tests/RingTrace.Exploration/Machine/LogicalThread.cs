using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace.Exploration;

/// <summary>
/// One thread of a scenario: an operating system thread that runs only while it holds the baton, so that of all
/// threads of a run one moves at a time.
/// </summary>
internal sealed unsafe class LogicalThread : IDisposable
{
    // What a thread's history notes of steps and events that read nothing.
    private const ulong Passed = 1;
    private const ulong SwitchedAway = 2;
    private const ulong Interrupted = 3;
    private const ulong Migrated = 4;

    private readonly Run _run;
    private readonly Baton _baton = new();
    private readonly Thread _thread;
    private readonly byte[] _room = new byte[256];
    private volatile bool _isClosing;
    private bool _isInSection;

    public LogicalThread(Run run, int index, int cpu)
    {
        _run = run;
        Index = index;
        _thread = new Thread(() => Loop(cpu)) { IsBackground = true, Name = $"explored {index}" };
        _thread.Start();
    }

    public int Index { get; }

    public Scenario Scenario => _run.Scenario;

    /// <summary>A hash of all that this thread has read: with its program, that is its whole state.</summary>
    public ulong History { get; private set; }

    /// <summary>Writes that only this thread sees.</summary>
    public StoreBuffer Buffer { get; } = new();

    /// <summary>Has begun this run's body and not left it.</summary>
    public bool IsInside { get; private set; }

    public bool IsDone { get; set; }

    public bool IsKilled { get; set; }

    /// <summary>May still take a step.</summary>
    public bool IsLive => !IsDone && !IsKilled;

    private bool IsBuffered => _run.Model != MemoryModel.Sequential;

    public void Reset()
    {
        History = Mixing.Mix(1, (ulong)Index);
        Buffer.Clear();
        IsDone = false;
        IsKilled = false;
        Cpu = _run.Scenario.CpuOf(Index);
        EndSection();
    }

    public void Resume() => _baton.Give();

    public void Park() => _baton.Take();

    /// <summary>The CPU that it is on; of the threads on one, all but the running one are switched away from.</summary>
    public int Cpu { get; private set; }

    /// <summary>In a restartable section that it has not been thrown out of.</summary>
    public bool IsInSection => _isInSection && !HasLeftSection;

    /// <summary>Was thrown out of the section it is in: the section's writes have no effect any more.</summary>
    public bool HasLeftSection { get; private set; }

    public void BeginSection() => _isInSection = true;

    public void EndSection() => _isInSection = HasLeftSection = false;

    /// <summary>
    /// Another thread goes on, on this one's CPU: the kernel has switched between them. What this one has written is
    /// seen, and a section that it is in will start anew.
    /// </summary>
    public void SwitchAway()
    {
        Drain();
        LeaveSection(SwitchedAway);
    }

    /// <summary>A signal, or a switch to some thread that is none of ours: its section starts anew.</summary>
    public void Interrupt() => LeaveSection(Interrupted);

    /// <summary>Goes on on another CPU.</summary>
    public void Migrate(int cpu)
    {
        SwitchAway();
        Cpu = cpu;
        History = Mixing.Mix(History, Migrated);
    }

    public ulong Load(ulong* word)
    {
        _run.Before(this, word, 8, isWrite: false);
        ulong value = See(word);
        History = Mixing.Mix(History, value);
        _run.Scenario.Loaded(this, word, value);
        return value;
    }

    /// <summary>What a load would find now; no step.</summary>
    public ulong See(ulong* word)
    {
        ulong value = *word;
        if (Buffer.Count != 0)
        {
            Buffer.Overlay((byte*)word, MemoryMarshal.AsBytes(new Span<ulong>(ref value)));
        }

        return value;
    }

    public void Store(ulong* word, ulong value, bool isRelease = true)
    {
        if (IsBuffered)
        {
            Delay((byte*)word, MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in value)), isWord: true, isRelease);
        }
        else
        {
            _run.Before(this, word, 8, isWrite: true);
            if (!HasLeftSection)
            {
                _run.Write(this, word, value);
            }
        }

        Passes();
    }

    public ulong CompareExchange(ulong* word, ulong value, ulong expected)
    {
        _run.Before(this, word, 8, isWrite: true);
        Drain();
        ulong before = *word;
        if (before == expected)
        {
            _run.Write(this, word, value);
        }

        History = Mixing.Mix(History, before);
        return before;
    }

    public void Add(ulong* word, ulong value)
    {
        _run.Before(this, word, 8, isWrite: true);
        Passes();
        if (_run.Model != MemoryModel.ReleaseAcquire || !ExplorerMachine.Has(Fault.RelaxedPublish))
        {
            Drain();
        }

        _run.Write(this, word, *word + value);
    }

    public void Put(byte* target, ReadOnlySpan<byte> bytes)
    {
        if (IsBuffered)
        {
            Delay(target, bytes, isWord: false, isRelease: false);
        }
        else
        {
            _run.Before(this, target, bytes.Length, isWrite: true);
            if (!HasLeftSection)
            {
                _run.Write(this, target, bytes);
            }
        }

        Passes();
    }

    public void Take(byte* source, Span<byte> target)
    {
        _run.Before(this, source, target.Length, isWrite: false);
        new ReadOnlySpan<byte>(source, target.Length).CopyTo(target);
        Buffer.Overlay(source, target);
        ulong hash = History;
        int at = 0;
        for (; at + 8 <= target.Length; at += 8)
        {
            hash = Mixing.Mix(hash, MemoryMarshal.Read<ulong>(target[at..]));
        }

        for (; at < target.Length; at++)
        {
            hash = Mixing.Mix(hash, target[at]);
        }

        History = hash;
    }

    public ulong Now()
    {
        _run.BeforeNow(this);
        ulong now = ++_run.Clock;
        History = Mixing.Mix(History, now);
        _run.Scenario.Read(this, now);
        return now;
    }

    /// <summary>Makes every write of this thread seen.</summary>
    public void Drain()
    {
        while (Buffer.Count != 0)
        {
            Drain(0);
        }
    }

    /// <summary>Makes the entries of a mask seen, oldest first.</summary>
    public void DrainMask(int mask)
    {
        int removed = 0;
        for (int i = 0; i < StoreBuffer.Capacity; i++)
        {
            if ((mask & (1 << i)) != 0)
            {
                Drain(i - removed++);
            }
        }
    }

    public void Drain(int index)
    {
        ReadOnlySpan<byte> bytes = Buffer.Remove(index, _room, out byte* target, out bool isWord);
        if (isWord)
        {
            _run.Write(this, (ulong*)target, MemoryMarshal.Read<ulong>(bytes));
        }
        else
        {
            _run.Write(this, target, bytes);
        }
    }

    /// <summary>Ends the operating system thread.</summary>
    public void Dispose()
    {
        _isClosing = true;
        Resume();
        _thread.Join();
        _baton.Dispose();
    }

    /// <summary>
    /// A step that reads nothing is behind the thread. Said after the step: a write that changes nothing would
    /// otherwise leave the state before it and the state after it the same.
    /// </summary>
    private void Passes() => History = Mixing.Mix(History, Passed);

    private void LeaveSection(ulong why)
    {
        if (IsInSection)
        {
            HasLeftSection = true;
            History = Mixing.Mix(History, why);
        }
    }

    private void Delay(byte* target, ReadOnlySpan<byte> bytes, bool isWord, bool isRelease)
    {
        _run.BeforeDelayed(this, target, bytes.Length);
        if (HasLeftSection)
        {
            return;
        }

        if (Buffer.Count == StoreBuffer.Capacity)
        {
            Drain(0);
        }

        Buffer.Add(target, bytes, isWord, isRelease);
    }

    private void Loop(int cpu)
    {
        Affinity.Pin(cpu);
        while (true)
        {
            Park();
            if (_isClosing)
            {
                return;
            }

            IsInside = true;
            ExplorerMachine.t_fault = _run.Scenario.Fault;
            ExplorerMachine.t_thread = this;
            try
            {
                _run.Scenario.Execute(this);
                if (Buffer.Count != 0)
                {
                    _run.BeforeEnd(this);
                    Drain();
                }
            }
            catch (RunOver)
            {
            }
#pragma warning disable CA1031 // Whatever the explored code throws is a finding.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _run.Report($"{e.GetType().Name}: {e.Message}\n{e.StackTrace}");
            }

            IsInside = false;
            _run.Ended(this);
        }
    }
}

/// <summary>Thrown to leave a body when its run is over.</summary>
internal sealed class RunOver : Exception
{
    public static readonly RunOver Instance = new();
}
