namespace RingTrace.Buffers.Tests.Ring;

/// <summary>
/// The hardware with a clock that a test sets, and hooks at which something else happens "in between": another writer
/// that interrupts, a thread that dies. All of it belongs to the calling thread.
/// </summary>
internal readonly unsafe struct HookMachine : IMachine
{
    [ThreadStatic]
    private static ulong t_time;

    [ThreadStatic]
    private static Action? t_beforePut;

    [ThreadStatic]
    private static Action? t_afterTake;

    [ThreadStatic]
    private static Fault? t_fault;

    /// <summary>What the clock says; every look at it is one tick later.</summary>
    public static ulong Time
    {
        get => t_time;
        set => t_time = value;
    }

    /// <summary>Happens once, before the next bytes are written into a packet.</summary>
    public static Action? BeforePut
    {
        set => t_beforePut = value;
    }

    /// <summary>Happens once, after the next bytes are copied out of a packet.</summary>
    public static Action? AfterTake
    {
        set => t_afterTake = value;
    }

    public static Fault? Fault
    {
        set => t_fault = value;
    }

    public static ulong Load(ulong* word) => Hardware.Load(word);

    public static void Store(ulong* word, ulong value) => Hardware.Store(word, value);

    public static ulong CompareExchange(ulong* word, ulong value, ulong expected) =>
        Hardware.CompareExchange(word, value, expected);

    public static void Add(ulong* word, ulong value) => Hardware.Add(word, value);

    public static void ReadFence() => Hardware.ReadFence();

    public static void Put<T>(byte* target, in T value) where T : unmanaged
    {
        Fire(ref t_beforePut);
        Hardware.Put(target, in value);
    }

    public static void Put(byte* target, ReadOnlySpan<byte> source)
    {
        Fire(ref t_beforePut);
        Hardware.Put(target, source);
    }

    public static void Take(byte* source, Span<byte> target)
    {
        Hardware.Take(source, target);
        Fire(ref t_afterTake);
    }

    /// <summary>The contract in the plainest way; a hook that fires inside it is an interruption.</summary>
    public static PublishResult Publish(ref Section section)
    {
        if (*section.W != section.Expected)
        {
            return PublishResult.Moved;
        }

        bool isInterrupted = t_beforePut is not null;
        Fire(ref t_beforePut);
        if (isInterrupted)
        {
            return PublishResult.Restarted;
        }

        foreach (Piece piece in (ReadOnlySpan<Piece>)[section.End, section.Head, section.Payload])
        {
            new ReadOnlySpan<byte>(piece.Source, (int)piece.Length).CopyTo(new Span<byte>(piece.Target, (int)piece.Length));
        }

        Hardware.Store(section.W, section.Value);
        return PublishResult.Published;
    }

    public static ulong Now(ClockKind clock) => ++t_time;

    public static bool Has(Fault fault) => fault == t_fault;

    private static void Fire(ref Action? hook)
    {
        Action? now = hook;
        hook = null;
        now?.Invoke();
    }
}
