using RingTrace.Buffers;

namespace RingTrace.Torture.Kills;

/// <summary>The machine of who reads another process's rings, of which one operation is never done: the process kills itself.</summary>
internal readonly unsafe struct SuicidalMachine : IMachine
{
    /// <summary>Operations until then, this one included; 0 for never.</summary>
    public static int Steps { get; set; }

    public static ulong Load(ulong* word)
    {
        Step();
        return OutsideMachine.Load(word);
    }

    public static void Store(ulong* word, ulong value)
    {
        Step();
        OutsideMachine.Store(word, value);
    }

    public static ulong CompareExchange(ulong* word, ulong value, ulong expected)
    {
        Step();
        return OutsideMachine.CompareExchange(word, value, expected);
    }

    public static void Add(ulong* word, ulong value)
    {
        Step();
        OutsideMachine.Add(word, value);
    }

    public static void ReadFence()
    {
        Step();
        OutsideMachine.ReadFence();
    }

    public static void Take(byte* source, Span<byte> target)
    {
        Step();
        OutsideMachine.Take(source, target);
    }

    public static ReadOnlySpan<byte> See(byte* source, int length, Span<byte> scratch)
    {
        Step();
        return OutsideMachine.See(source, length, scratch);
    }

    public static ulong Now(ClockKind clock) => OutsideMachine.Now(clock);

    public static bool Has(Fault fault) => false;

    public static void Put<T>(byte* target, in T value) where T : unmanaged => OutsideMachine.Put(target, in value);

    public static void Put(byte* target, ReadOnlySpan<byte> source) => OutsideMachine.Put(target, source);

    public static PublishResult Publish(ref Section section) => OutsideMachine.Publish(ref section);

    private static void Step()
    {
        if (Steps > 0 && --Steps == 0)
        {
            Itself.Kill();
        }
    }
}
