namespace RingTrace.Buffers;

/// <summary>
/// The machine of who looks at another process's rings: its pointers are places that stand for those of files
/// (<see cref="OutsideMemory"/>). Words and packets are read from files; words of a <c>.ctl</c> file that is mapped are
/// exchanged. Everything else is not to be had from outside.
/// </summary>
internal readonly unsafe struct OutsideMachine : IMachine
{
    public static ulong Load(ulong* word) =>
        OutsideMemory.At(word, out bool isControl, out long offset).ReadWord(isControl, offset);

    public static void Store(ulong* word, ulong value) =>
        Hardware.Store(OutsideMemory.At(word, out bool isControl, out long offset).Word(isControl, offset), value);

    public static ulong CompareExchange(ulong* word, ulong value, ulong expected) => Hardware.CompareExchange(
        OutsideMemory.At(word, out bool isControl, out long offset).Word(isControl, offset), value, expected);

    public static void Add(ulong* word, ulong value) =>
        Hardware.Add(OutsideMemory.At(word, out bool isControl, out long offset).Word(isControl, offset), value);

    public static void ReadFence() => Hardware.ReadFence();

    public static void Take(byte* source, Span<byte> target) =>
        OutsideMemory.At(source, out bool isControl, out long offset).Read(isControl, offset, target);

    public static ReadOnlySpan<byte> See(byte* source, int length, Span<byte> scratch)
    {
        Take(source, scratch[..length]);
        return scratch[..length];
    }

    /// <remarks>Of this boot and machine: the clocks are the writers' own.</remarks>
    public static ulong Now(ClockKind clock) => Hardware.Now(clock);

    public static bool Has(Fault fault) => false;

    public static void Put<T>(byte* target, in T value) where T : unmanaged => throw NoWriter();

    public static void Put(byte* target, ReadOnlySpan<byte> source) => throw NoWriter();

    public static PublishResult Publish(ref Section section) => throw NoWriter();

    private static InvalidOperationException NoWriter() => new("Nothing is written into another process's rings.");
}
