using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace.Torture;

/// <summary>How a round's signals come.</summary>
internal enum StormKind
{
    None,

    /// <summary>One POSIX timer per writer thread, aimed at it: interrupts it where it runs.</summary>
    Timers,

    /// <summary>From another thread, one writer after the other.</summary>
    Hits,
}

/// <summary>
/// What breaks in on restartable writers, as long as it lives: signals whose handlers write too, a new CPU under a
/// running thread, forked children.
/// </summary>
internal sealed unsafe class Storm : IDisposable
{
    /// <summary>Microseconds between two signals, over all writers of a CPU.</summary>
    private const int Period = 50;
    private const int ForkPeriod = 100;
    private const int ForkedWrites = 100;

    private readonly RoundPlan _plan;
    private readonly NativeRing* _rings;
    private readonly int _cpus;
    private readonly HandlerWriter* _writers;
    private readonly int[] _threadIds;
    private readonly List<Thread> _threads = [];
    private volatile bool _stops;
    private long _moves;
    private long _forks;
    private string? _wrong;

    /// <param name="plan">What storms, and how.</param>
    /// <param name="rings">Where handlers and children write; null for nowhere.</param>
    /// <param name="cpus">How many there are.</param>
    public Storm(RoundPlan plan, NativeRing* rings, int cpus)
    {
        _plan = plan;
        _rings = rings;
        _cpus = cpus;
        _threadIds = new int[plan.Threads];
        _writers = (HandlerWriter*)NativeMemory.AllocZeroed((nuint)plan.Threads, (nuint)sizeof(HandlerWriter));
        for (int i = 0; i < plan.Threads; i++)
        {
            _writers[i].Rings = plan.HandlersWrite ? rings : null;
            _writers[i].Cpus = (uint)cpus;
            _writers[i].Thread = plan.HandlerOf(i);
        }

        Start(plan.Storm == StormKind.Hits, Hit);
        Start(plan.Moves && plan.Threads > 3, Move);
        Start(plan.Forks && rings != null, Fork);
    }

    /// <summary>Why there can be no storm here; null when there can.</summary>
    public static string? WhyNot => StormLines.WhyNot;

    /// <summary>Records that a writer's signal handlers have written.</summary>
    public long WrittenBy(int thread) => _writers[thread].Written;

    /// <summary>At the start of a writer's thread.</summary>
    public void Enter(int thread)
    {
        int mine = Affinity.CurrentThread;
        long period = _plan.Storm == StormKind.Timers ? Math.Max(1, _plan.Threads / 2) * Period * 1_000L : 0;
        if (_plan.Storm != StormKind.None && StormLines.Enter(&_writers[thread], period) != 0)
        {
            _wrong = "no timer is to be had";
        }

        Volatile.Write(ref _threadIds[thread], mine);
    }

    /// <summary>At the end of a writer's thread.</summary>
    public void Leave(int thread)
    {
        Volatile.Write(ref _threadIds[thread], 0);
        if (_plan.Storm != StormKind.None)
        {
            StormLines.Leave();
        }
    }

    /// <summary>No more of it.</summary>
    public void Stop()
    {
        _stops = true;
        _threads.ForEach(thread => thread.Join());
    }

    /// <summary>What there was of it. When all writers are gone.</summary>
    public void Report(RoundResult result)
    {
        for (int i = 0; i < _plan.Threads; i++)
        {
            result.Signals += _writers[i].Signals;
            result.Restarts += _writers[i].Interrupted;
            result.HandlerRecords += _writers[i].Written;
            result.HandlersPassed += _writers[i].NotSimple + _writers[i].GivenUp;
            result.Emitted += _writers[i].Written;
            result.Recorded += _writers[i].Written;
        }

        result.Moves += _moves;
        result.Forks += _forks;
        if (_wrong is not null)
        {
            result.Violate(_wrong);
        }
    }

    public void Dispose()
    {
        Stop();
        NativeMemory.Free(_writers);
    }

    private void Start(bool isWanted, Action<Random> action)
    {
        if (isWanted)
        {
            Random random = new(_plan.Seed + _threads.Count);
            Thread thread = new(() => action(random)) { IsBackground = true };
            _threads.Add(thread);
            thread.Start();
        }
    }

    private void Hit(Random random)
    {
        while (!_stops)
        {
            int threadId = Volatile.Read(ref _threadIds[random.Next(_threadIds.Length)]);
            if (threadId != 0)
            {
                _ = StormLines.Hit(threadId);
            }

            RealTime.Nap(random.Next(Period));
        }
    }

    private void Move(Random random)
    {
        int[] movers = [.. Enumerable.Range(0, _plan.Threads).Where(_plan.IsMover)];
        while (!_stops)
        {
            int threadId = Volatile.Read(ref _threadIds[movers[random.Next(movers.Length)]]);
            if (threadId != 0)
            {
                Affinity.Move(threadId, Affinity.Allowed[random.Next(Affinity.Allowed.Count)]);
                _moves++;
            }

            RealTime.Nap(random.Next(4 * Period));
        }
    }

    private void Fork(Random random)
    {
        NativeLines.SetThread(1);
        while (!_stops)
        {
            int wrong = StormLines.Fork(_rings, (uint)_cpus, ForkedWrites);
            if (wrong != 0)
            {
                _wrong = wrong == 1 ? "a forked child wrote into its parent's rings" : $"a forked child failed: {wrong}";
                return;
            }

            _forks++;
            Thread.Sleep(random.Next(2 * ForkPeriod));
        }
    }
}

/// <summary>A logical writer in the signal handlers of one thread. As struct handler_writer in native/storm.c.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct HandlerWriter
{
    public NativeRing* Rings;
    public uint Cpus;
    public int Thread;
    public long Written;
    public long Signals;
    public long NotSimple;
    public long Interrupted;
    public long GivenUp;
}

/// <summary>The functions of libstorm.so (native/storm.c).</summary>
internal static unsafe partial class StormLines
{
    private const string Library = "storm";

    /// <summary>Why they are not there; null when they are.</summary>
    public static string? WhyNot { get; } = Install();

    [LibraryImport(Library, EntryPoint = "storm_enter")]
    public static partial int Enter(HandlerWriter* writer, long periodNanoseconds);

    [LibraryImport(Library, EntryPoint = "storm_leave")]
    public static partial void Leave();

    [LibraryImport(Library, EntryPoint = "storm_hit")]
    public static partial int Hit(int thread);

    [LibraryImport(Library, EntryPoint = "storm_fork")]
    public static partial int Fork(NativeRing* rings, uint cpus, int times);

    private static string? Install()
    {
        if (NativeLines.WhyNoSequences is { } why)
        {
            return why;
        }

        if (!NativeLibrary.TryLoad(Library, typeof(StormLines).Assembly, null, out nint storm)
            || !NativeLibrary.TryLoad("ringtrace", typeof(NativeLines).Assembly, null, out nint lines))
        {
            return "libstorm.so is not there: it was built without a C compiler";
        }

        var install = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(storm, "storm_install");
        return install(NativeLibrary.GetExport(lines, "rt_write")) == 0 ? null : "the signal's handler was refused";
    }
}
