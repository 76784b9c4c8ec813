namespace RingTrace.Buffers.Tests.Control;

/// <summary>The hardware, with something that may happen before each access to shared memory: another process's step, or death.</summary>
internal readonly unsafe struct StepMachine : IMachine
{
    [ThreadStatic]
    private static Action? t_hook;

    [ThreadStatic]
    private static int t_stepsBefore;

    /// <summary>Happens once, after so many accesses of this thread; null for not at all.</summary>
    public static void After(int steps, Action? hook) => (t_stepsBefore, t_hook) = (steps, hook);

    public static ulong Load(ulong* word)
    {
        Step();
        return Hardware.Load(word);
    }

    public static void Store(ulong* word, ulong value)
    {
        Step();
        Hardware.Store(word, value);
    }

    public static ulong CompareExchange(ulong* word, ulong value, ulong expected)
    {
        Step();
        return Hardware.CompareExchange(word, value, expected);
    }

    public static void Put(byte* target, ReadOnlySpan<byte> source)
    {
        Step();
        Hardware.Put(target, source);
    }

    public static void Take(byte* source, Span<byte> target)
    {
        Step();
        Hardware.Take(source, target);
    }

    public static void Add(ulong* word, ulong value)
    {
        Step();
        Hardware.Add(word, value);
    }

    public static void Put<T>(byte* target, in T value) where T : unmanaged
    {
        Step();
        Hardware.Put(target, in value);
    }

    public static PublishResult Publish(ref Section section)
    {
        Step();
        return Hardware.Publish(ref section);
    }

    public static void ReadFence() => Hardware.ReadFence();

    public static ulong Now(ClockKind clock) => Hardware.Now(clock);

    public static bool Has(Fault fault) => false;

    private static void Step()
    {
        if (t_hook is { } hook && t_stepsBefore-- == 0)
        {
            t_hook = null;
            hook();
        }
    }
}
