using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace.Exploration;

/// <summary>
/// One thread of a scenario: an operating system thread that runs only while it holds the baton, so that of all
/// threads of a run one moves at a time.
/// </summary>
internal sealed unsafe class LogicalThread : IDisposable
{
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
        EndSection();
    }

    public void Resume() => _baton.Give();

    /// <summary>Waits for its turn. A restartable section does not survive that.</summary>
    public void Park()
    {
        _baton.Take();
        if (_isInSection && !HasLeftSection)
        {
            HasLeftSection = true;
            History = Mixing.Mix(History, 2);
        }
    }

    /// <summary>This thread was switched away from since <see cref="BeginSection"/>: its writes have no effect.</summary>
    public bool HasLeftSection { get; private set; }

    public void BeginSection() => _isInSection = true;

    public void EndSection() => _isInSection = HasLeftSection = false;

    public ulong Load(ulong* word)
    {
        _run.Before(this, word, 8, isWrite: false);
        ulong value = *word;
        if (Buffer.Count != 0)
        {
            Buffer.Overlay((byte*)word, MemoryMarshal.AsBytes(new Span<ulong>(ref value)));
        }

        History = Mixing.Mix(History, value);
        _run.Scenario.Loaded(this, word, value);
        return value;
    }

    public void Store(ulong* word, ulong value)
    {
        if (IsBuffered)
        {
            Delay((byte*)word, MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in value)), isRelease: true);
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
            Delay(target, bytes, isRelease: false);
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
        ReadOnlySpan<byte> bytes = Buffer.Remove(index, _room, out byte* target, out bool isRelease);
        if (isRelease)
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
    private void Passes() => History = Mixing.Mix(History, 1);

    private void Delay(byte* target, ReadOnlySpan<byte> bytes, bool isRelease)
    {
        _run.BeforeDelayed(this, target, bytes.Length);
        if (Buffer.Count == StoreBuffer.Capacity)
        {
            Drain(0);
        }

        Buffer.Add(target, bytes, isRelease);
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
