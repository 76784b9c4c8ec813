using System.Runtime.CompilerServices;

namespace RingTrace.Torture;

/// <summary>
/// Thrown out of the middle of a reader's operation: the process that read is gone, its memory stays as it is.
/// </summary>
internal sealed class ReaderDiedException : Exception;

/// <summary>How often threads are held up between two shared accesses.</summary>
internal enum StallLevel
{
    None,
    Rare,
    Often,
    Heavy,
}

/// <summary>
/// The bad luck of threads, at every shared access of theirs: stalls, sudden death. Seeded per thread; what the
/// kernel's scheduler adds is not. Counts what was lost to others, the contention that a round wants to see.
/// </summary>
internal static class Strain
{
    private static int s_mean;
    private static long s_writersLost;
    private static long s_readersLost;
    private static long s_stale;
    private static long s_otherCpu;

    [ThreadStatic]
    private static int t_left;

    [ThreadStatic]
    private static int t_step;

    [ThreadStatic]
    private static int t_untilStall;

    /// <summary>Accesses until this thread dies; 0 when it does not.</summary>
    [ThreadStatic]
    private static int t_untilDeath;

    [ThreadStatic]
    private static uint t_random;

    [ThreadStatic]
    private static long t_lost;

    [ThreadStatic]
    private static long t_stale;

    [ThreadStatic]
    private static long t_otherCpu;

    /// <summary>The clock's ticks are shifted left by this.</summary>
    public static int ClockShift { get; private set; }

    public static long WritersLost => Interlocked.Read(ref s_writersLost);

    public static long ReadersLost => Interlocked.Read(ref s_readersLost);

    /// <summary>Sections not entered because W had moved.</summary>
    public static long Stale => Interlocked.Read(ref s_stale);

    /// <summary>Sections not entered because the thread was on another CPU than the ring's.</summary>
    public static long OtherCpu => Interlocked.Read(ref s_otherCpu);

    /// <summary>Before a round's threads start.</summary>
    public static void Prepare(StallLevel level, int clockShift)
    {
        s_mean = level switch
        {
            StallLevel.Rare => 20_000,
            StallLevel.Often => 2_000,
            StallLevel.Heavy => 200,
            _ => 0,
        };
        ClockShift = clockShift;
        s_writersLost = 0;
        s_readersLost = 0;
        s_stale = 0;
        s_otherCpu = 0;
    }

    /// <summary>At the start of a thread of the round; a thread that does not call it has no bad luck.</summary>
    public static void Begin(int seed)
    {
        t_random = ((uint)seed * 2_654_435_761) | 1;
        t_untilDeath = 0;
        t_untilStall = DrawStall();
        t_lost = 0;
        t_stale = 0;
        t_otherCpu = 0;
        Draw();
    }

    /// <summary>At the end of a thread of the round.</summary>
    public static void End(bool isWriter)
    {
        Interlocked.Add(ref isWriter ? ref s_writersLost : ref s_readersLost, t_lost);
        Interlocked.Add(ref s_stale, t_stale);
        Interlocked.Add(ref s_otherCpu, t_otherCpu);
        t_lost = 0;
        t_stale = 0;
        t_otherCpu = 0;
        t_random = 0;
        t_left = 0;
    }

    /// <summary>This thread dies within so many shared accesses.</summary>
    public static void DieWithin(int accesses)
    {
        t_untilStall = Math.Max(1, t_untilStall - (t_step - t_left));
        t_untilDeath = 1 + (int)(Next() % (uint)accesses);
        Draw();
    }

    public static void StayAlive() => t_untilDeath = 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Tick()
    {
        if (--t_left < 0)
        {
            TickSlow();
        }
    }

    /// <summary>As so many shared accesses: for the places where a stall opens more than elsewhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Tick(int weight)
    {
        if ((t_left -= weight) < 0)
        {
            TickSlow();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CountLost() => t_lost++;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CountStale() => t_stale++;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void CountOtherCpu() => t_otherCpu++;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void TickSlow()
    {
        if (t_random == 0)
        {
            t_left = int.MaxValue;
            return;
        }

        t_untilStall -= t_step;
        bool dies = t_untilDeath > 0 && (t_untilDeath -= t_step) <= 0;
        if (dies)
        {
            t_untilDeath = 0;
            Draw();
            throw new ReaderDiedException();
        }

        if (t_untilStall <= 0)
        {
            Stall();
            t_untilStall = DrawStall();
        }

        Draw();
    }

    private static void Draw()
    {
        t_untilStall = Math.Max(1, t_untilStall);
        t_step = t_untilDeath > 0 ? Math.Min(t_untilDeath, t_untilStall) : t_untilStall;
        t_left = t_step;
    }

    private static int DrawStall() => s_mean == 0 ? int.MaxValue : 1 + (int)(Next() % (uint)(2 * s_mean));

    private static void Stall()
    {
        uint kind = Next() % 64;
        switch (kind)
        {
            case < 36:
                Thread.SpinWait(10 + (int)(Next() % 400));
                break;
            case < 52:
                Thread.Yield();
                break;
            case < 58:
                Thread.SpinWait(5_000 + (int)(Next() % 20_000));
                break;
            case < 62:
                Thread.Sleep(0);
                break;
            default:
                Thread.Sleep(1);
                break;
        }
    }

    private static uint Next()
    {
        uint x = t_random;
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        return t_random = x;
    }
}
