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
    private static Action? t_beforeExchange;

    [ThreadStatic]
    private static int t_stepsBefore;

    [ThreadStatic]
    private static long t_cpu;

    [ThreadStatic]
    private static Fault? t_fault;

    /// <summary>What the clock says; every look at it is one tick later.</summary>
    public static ulong Time
    {
        get => t_time;
        set => t_time = value;
    }

    /// <summary>Steps of a section that a thread can be interrupted before: its three pieces and the store of W.</summary>
    public const int SectionSteps = 4;

    /// <summary>The CPU that the thread is on.</summary>
    public static long Cpu
    {
        set => t_cpu = value;
    }

    /// <summary>Happens once, before the next bytes are written into a packet, or before a section's first step.</summary>
    public static Action? BeforePut
    {
        set => (t_beforePut, t_stepsBefore) = (value, 0);
    }

    /// <summary>Happens once, when so many steps of the next section are done, and interrupts it.</summary>
    public static void InSection(int steps, Action action) => (t_beforePut, t_stepsBefore) = (action, steps);

    /// <summary>Happens before every compare-and-swap, until it is set to null.</summary>
    public static Action? BeforeExchange
    {
        set => t_beforeExchange = value;
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

    public static ulong CompareExchange(ulong* word, ulong value, ulong expected)
    {
        t_beforeExchange?.Invoke();
        return Hardware.CompareExchange(word, value, expected);
    }

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

    /// <summary>
    /// The contract in the plainest way, one step after the other. A hook that fires inside is an interruption: what is
    /// copied by then stays where it is, above W, and the section starts anew.
    /// </summary>
    public static PublishResult Publish(ref Section section)
    {
        if (section.Cpu != t_cpu)
        {
            return PublishResult.OtherCpu;
        }

        if (*section.W != section.Expected)
        {
            return PublishResult.Moved;
        }

        ReadOnlySpan<Piece> pieces = [section.End, section.Head, section.Payload];
        for (int step = 0; step < SectionSteps; step++)
        {
            if (t_beforePut is not null && step == t_stepsBefore)
            {
                Fire(ref t_beforePut);
                return PublishResult.Restarted;
            }

            if (step < pieces.Length)
            {
                Piece piece = pieces[step];
                new ReadOnlySpan<byte>(piece.Source, (int)piece.Length)
                    .CopyTo(new Span<byte>(piece.Target, (int)piece.Length));
            }
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
