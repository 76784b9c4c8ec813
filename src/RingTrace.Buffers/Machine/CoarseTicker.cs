using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace RingTrace.Buffers;

/// <summary>
/// The thread behind <see cref="ClockKind.Coarse"/>: it stores the time once a millisecond, and an event reads that word.
/// </summary>
internal sealed unsafe class CoarseTicker : IDisposable
{
    /// <summary>Nanoseconds from tick to tick, when the machine is not overloaded.</summary>
    public const int Resolution = 1_000_000;

    /// <summary>How far apart two times of a clock may be that look the same, in nanoseconds; 0 for less than a tick says.</summary>
    public static int ResolutionOf(ClockKind clock) => clock == ClockKind.Coarse ? Resolution : 0;

    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private readonly WeakReference<object> _owner;
    private readonly ulong* _time;

    /// <param name="owner">Keeps the word's memory; when it is collected, the thread ends.</param>
    /// <param name="time">The word.</param>
    public CoarseTicker(object owner, ulong* time)
    {
        _owner = new WeakReference<object>(owner);
        _time = time;
        Tick();
        _thread = new Thread(Run) { IsBackground = true, Name = "ringtrace clock" };
        _thread.Start();
    }

    public bool IsRunning => _thread.IsAlive;

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
    }

    private void Run()
    {
        while (!_stop.Wait(Resolution / 1_000_000) && TryTick())
        {
        }
    }

    /// <summary>Apart, so that no frame of this thread holds the owner while it waits.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryTick()
    {
        if (!_owner.TryGetTarget(out object? owner))
        {
            return false;
        }

        Tick();
        GC.KeepAlive(owner);
        return true;
    }

    // One thread alone stores, so the time never falls.
    private void Tick() => Hardware.Store(_time, (ulong)Stopwatch.GetTimestamp());
}
