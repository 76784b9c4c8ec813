namespace RingTrace.Buffers;

/// <summary>
/// The mistakes one can make in this algorithm, each of which the tests must be able to see. Production code
/// asks for them through <see cref="IMachine.Has"/>, a constant false there.
/// </summary>
internal enum Fault
{
    /// <summary>The reader's exchange and put compare everything but the lap.</summary>
    NoTag,

    /// <summary>The lap tag has three bits.</summary>
    NarrowTag,

    /// <summary>A sub-buffer is given back to the writers before NOREF is set on it.</summary>
    PublishBeforeNoref,

    /// <summary>Whoever sees a complete commit counter delivers, without election.</summary>
    NoElection,

    /// <summary>Overwrite mode enters a location whose previous lap is not delivered.</summary>
    NoWrapCheck,

    /// <summary>Overwrite mode never moves the reader's position.</summary>
    NoPush,

    /// <summary>The commit counter is compared without its mask.</summary>
    NoMask,

    /// <summary>The lap at delivery is taken from one past the sub-buffer's end.</summary>
    LapFromOnePastEnd,

    /// <summary>The wrap check trusts a delivered counter that belongs to a later W.</summary>
    NoRecheck,

    /// <summary>The packet's end time is read by whoever delivers, not by whoever closes.</summary>
    EndTimeFromDeliverer,

    /// <summary>The reader takes the begin time from the location instead of the page.</summary>
    PerLocationValue,

    /// <summary>Put stores the held page back without comparing.</summary>
    PutWithoutTag,

    /// <summary>Peek and copy do not look at the id word again.</summary>
    PeekWithoutRecheck,

    /// <summary>The commit is not ordered after the record's bytes.</summary>
    RelaxedPublish,

    /// <summary>The clock is read before W.</summary>
    ClockBeforeLoad,

    /// <summary>NOREF is cleared by a plain store, whoever holds the page.</summary>
    BlindEnter,

    /// <summary>The page is looked up before NOREF is cleared.</summary>
    ResolveBeforeEnter,

    /// <summary>The end fields are written after the padding is committed.</summary>
    EndFieldsAfterCommit,

    /// <summary>Losses are sampled at delivery, not before the reservation that closes.</summary>
    LossesFromDeliverer,

    /// <summary>Put frees its claim before it exchanges the page back.</summary>
    ClaimFreedEarly,

    /// <summary>The reader does not look at the packet's own number after an exchange.</summary>
    NoHeaderCheck,

    /// <summary>A full buffer is not noticed in discard mode.</summary>
    NoFullCheck,

    /// <summary>Restartable: a record that fills its sub-buffer exactly leaves the end fields unwritten.</summary>
    NoEndAtExactFill,

    /// <summary>Restartable: nobody delivers for a writer that stopped before it did.</summary>
    NoHelpOfNext,

    /// <summary>Restartable: discard mode looks for room after it has entered the location.</summary>
    RoomAfterEnter,

    /// <summary>Restartable: the sub-buffer is delivered before W has passed its end.</summary>
    DeliverBeforePublish,

    /// <summary>Restartable: delivered by a plain store.</summary>
    PlainDeliver,

    /// <summary>Restartable: the reader delivers a sub-buffer whose end W has not reached.</summary>
    HelpBeforeEnd,

    /// <summary>Who reads by copies alone does not look at W again.</summary>
    NoLookAfterCopy,
}
