using System.Runtime.CompilerServices;
using RingTrace.Buffers;

namespace RingTrace.Torture;

/// <summary>Which seeded fault a machine has: a type argument, so that a sound machine pays nothing for it.</summary>
internal interface IFaults
{
    static abstract bool Has(Fault fault);
}

internal readonly struct NoFault : IFaults
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Has(Fault fault) => false;
}

internal readonly struct SeededFault : IFaults
{
    public static Fault Seeded { get; set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Has(Fault fault) => fault == Seeded;
}

/// <summary>
/// The hardware, with a chance of a stall before every shared access, so that windows of a few instructions are open
/// for long; with a fault, if one is asked for; and with a clock that may run faster, so that 32 bits are soon over.
/// </summary>
internal readonly unsafe struct TortureMachine<TFaults> : IMachine where TFaults : struct, IFaults
{
    /// <summary>A store gives something free: whoever is late with it does so to the wrong lap.</summary>
    private const int StoreWeight = 8;

    /// <summary>Between a commit and the look at who completed the sub-buffer, or a section and the delivery.</summary>
    private const int CommitWeight = 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Load(ulong* word)
    {
        Strain.Tick();
        return Hardware.Load(word);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ulong* word, ulong value)
    {
        Strain.Tick(StoreWeight);
        Hardware.Store(word, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong CompareExchange(ulong* word, ulong value, ulong expected)
    {
        Strain.Tick();
        ulong found = Hardware.CompareExchange(word, value, expected);
        if (found != expected)
        {
            Strain.CountLost();
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ulong* word, ulong value)
    {
        Strain.Tick();
        Hardware.Add(word, value);
        if (TFaults.Has(Fault.RelaxedPublish))
        {
            LateBytes.Flush();
        }

        Strain.Tick(CommitWeight);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ReadFence()
    {
        Strain.Tick();
        Hardware.ReadFence();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put<T>(byte* target, in T value) where T : unmanaged
    {
        Strain.Tick();
        if (TFaults.Has(Fault.RelaxedPublish))
        {
            T copy = value;
            LateBytes.Keep(target, new ReadOnlySpan<byte>(&copy, sizeof(T)));
            return;
        }

        Hardware.Put(target, in value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(byte* target, ReadOnlySpan<byte> source)
    {
        Strain.Tick();
        if (TFaults.Has(Fault.RelaxedPublish))
        {
            LateBytes.Keep(target, source);
            return;
        }

        Hardware.Put(target, source);
    }

    public static PublishResult Publish(ref Section section)
    {
        Strain.Tick();
        PublishResult result = Hardware.Publish(ref section);
        if (result == PublishResult.Moved)
        {
            Strain.CountStale();
        }
        else if (result == PublishResult.OtherCpu)
        {
            Strain.CountOtherCpu();
        }

        Strain.Tick(CommitWeight);
        return result;
    }

    /// <remarks>In two halves: a reader may be stopped in the middle of a copy.</remarks>
    public static void Take(byte* source, Span<byte> target)
    {
        int half = target.Length / 2;
        Strain.Tick();
        Hardware.Take(source, target[..half]);
        Strain.Tick();
        Hardware.Take(source + half, target[half..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* target) => Hardware.Prefetch(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Now(ClockKind clock)
    {
        Strain.Tick();
        return Hardware.Now(clock) << Strain.ClockShift;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Has(Fault fault) => TFaults.Has(fault);
}

/// <summary>
/// <see cref="Fault.RelaxedPublish"/> on a processor that does not reorder stores: bytes wait in the thread until after
/// the next commit.
/// </summary>
internal static unsafe class LateBytes
{
    [ThreadStatic]
    private static List<(nint Target, byte[] Bytes)>? t_late;

    public static void Keep(byte* target, ReadOnlySpan<byte> bytes) =>
        (t_late ??= []).Add(((nint)target, bytes.ToArray()));

    public static void Flush()
    {
        if (t_late is not { Count: > 0 } late)
        {
            return;
        }

        Strain.Tick();
        foreach ((nint target, byte[] bytes) in late)
        {
            bytes.CopyTo(new Span<byte>((byte*)target, bytes.Length));
        }

        late.Clear();
    }
}
