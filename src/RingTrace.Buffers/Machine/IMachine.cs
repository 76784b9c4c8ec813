namespace RingTrace.Buffers;

/// <summary>
/// Everything the lock-free code asks of the machine. It is a struct type argument, so production pays nothing
/// for it (<see cref="Hardware"/> compiles to the bare instructions) and a test can put a scheduler, a weaker
/// memory model, another clock or a seeded fault under the very code that ships.
/// </summary>
/// <remarks>
/// Orders, all as C++ names them: <see cref="Load"/> acquire, <see cref="Store"/> release, the read-modify-write
/// operations sequentially consistent. <c>Put</c> and <c>Take</c> are plain: they move a packet's bytes and rely
/// on the word that publishes them.
/// </remarks>
internal unsafe interface IMachine
{
    /// <summary>Reads a shared word; nothing after it is done before it.</summary>
    static abstract ulong Load(ulong* word);

    /// <summary>Writes a shared word; nothing before it is done after it.</summary>
    static abstract void Store(ulong* word, ulong value);

    /// <summary>Replaces <paramref name="expected"/> by <paramref name="value"/>; returns what was there.</summary>
    static abstract ulong CompareExchange(ulong* word, ulong value, ulong expected);

    /// <summary>Adds to a shared word.</summary>
    static abstract void Add(ulong* word, ulong value);

    /// <summary>Nothing after it is read before what stands before it was read.</summary>
    static abstract void ReadFence();

    /// <summary>Writes one value into a packet, unaligned, little-endian, plain.</summary>
    static abstract void Put<T>(byte* target, in T value) where T : unmanaged;

    /// <summary>Writes bytes into a packet, plain. No call and no loop up to 64 bytes.</summary>
    static abstract void Put(byte* target, ReadOnlySpan<byte> source);

    /// <summary>Copies bytes out of a packet, plain.</summary>
    static abstract void Take(byte* source, Span<byte> target);

    /// <summary>Bytes of a packet that nobody writes meanwhile, where they stand; a machine that can't show them there copies them.</summary>
    /// <param name="source">Where they stand.</param>
    /// <param name="length">How many.</param>
    /// <param name="scratch">For such a machine: at least as long.</param>
    static virtual ReadOnlySpan<byte> See(byte* source, int length, Span<byte> scratch) => new(source, length);

    /// <summary>
    /// The restartable writer's one step: on the section's CPU, if W is what is expected, its pieces and then W; or
    /// nothing that anybody sees. The store of W is a release.
    /// </summary>
    static abstract PublishResult Publish(ref Section section);

    /// <summary>Asks for a cache line that will be written soon. Never faults.</summary>
    static virtual void Prefetch(byte* target)
    {
    }

    /// <summary>The clock, in its ticks. Ordered after every load before it.</summary>
    static abstract ulong Now(ClockKind clock);

    /// <summary>Whether a test has seeded this fault. A constant false in production.</summary>
    static abstract bool Has(Fault fault);
}

/// <summary>What time is read from. Stored in a region's header: never renumber.</summary>
public enum ClockKind
{
    /// <summary>CLOCK_MONOTONIC through <see cref="System.Diagnostics.Stopwatch"/>; a tick is a nanosecond.</summary>
    Monotonic = 1,

    /// <summary>The processor's time-stamp counter, where it is invariant.</summary>
    Tsc = 2,

    /// <summary>CLOCK_MONOTONIC as of the last tick of a thread: nanoseconds in steps of about a millisecond, nearly free.</summary>
    Coarse = 3,
}
