namespace RingTrace.Buffers;

/// <summary>What came of an attempt to read a packet.</summary>
internal enum ReadResult
{
    /// <summary>The packet is there.</summary>
    Ok = 0,

    /// <summary>Not whole yet: open, or a writer that reserved in it has not committed.</summary>
    NotYet,

    /// <summary>Gone: the writers came round, or it was consumed.</summary>
    Overwritten,

    /// <summary>Another reader is in the way, or writers came between too often; try again or copy.</summary>
    Busy,

    /// <summary>The memory says what cannot be.</summary>
    Damaged,

    /// <summary>This reader holds a packet already; put it back first.</summary>
    Holding,
}

/// <summary>
/// One reader of one ring, in either of two ways: <see cref="RingReader{TMachine}"/> takes packets out by exchange and puts
/// them back, <see cref="RingCopier{TMachine}"/> only copies. Not thread-safe.
/// </summary>
internal interface IPacketReader
{
    /// <summary>The ring's sizes.</summary>
    ref readonly RingGeometry Geometry { get; }

    /// <summary>The position that the ring began at.</summary>
    ulong Start { get; }

    /// <summary>Whether a packet is held since <see cref="Get"/>.</summary>
    bool IsHolding { get; }

    /// <summary>Whether <see cref="Get"/> is a copy: for a packet that is taken once, <see cref="TryCopy"/> is then cheaper.</summary>
    bool HoldsByCopy { get; }

    /// <summary>
    /// The positions of packets that may be readable now: from the first, in steps of a sub-buffer, up to where W
    /// stands. Both are begins of sub-buffers, except <paramref name="end"/>, which is W itself.
    /// </summary>
    void Range(out ulong first, out ulong end);

    /// <summary>Makes the packet at this position safe from the writers, until <see cref="Put"/>.</summary>
    ReadResult Get(ulong position);

    /// <summary>Gives the packet back, to be read again or, with <paramref name="consume"/>, not.</summary>
    void Put(bool consume = false);

    /// <summary>The header of the packet held.</summary>
    PacketHeader HeldHeader();

    /// <summary>
    /// The bytes of the packet held, its header first, up to its content's end; empty when the header says what can't be. Good
    /// until <see cref="Put"/>.
    /// </summary>
    /// <param name="scratch">At least a sub-buffer, where the memory can't be seen but by copying.</param>
    ReadOnlySpan<byte> HeldContent(Span<byte> scratch);

    /// <summary>Copies a delivered packet, up to its content's end.</summary>
    /// <param name="position">The begin of the sub-buffer.</param>
    /// <param name="target">At least a sub-buffer.</param>
    /// <param name="length">The bytes copied.</param>
    ReadResult TryCopy(ulong position, Span<byte> target, out int length);

    /// <summary>
    /// Copies the open packet as far as it is written, and ends it there: its end time is the clock's, read after W.
    /// </summary>
    /// <param name="target">At least a sub-buffer.</param>
    /// <param name="position">The begin of the open sub-buffer.</param>
    /// <param name="length">The bytes copied; 0 when nothing is open.</param>
    /// <param name="leftOut">
    /// The bytes of the open packet that could not be had, because a writer has reserved and not committed.
    /// </param>
    ReadResult TryPeek(Span<byte> target, out ulong position, out int length, out int leftOut);
}
