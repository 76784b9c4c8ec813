namespace RingTrace.Buffers;

/// <summary>
/// The readers' seats of one ring: who owns which spare page set, and for which position it is exchanged. One seat is
/// one exchange at a time; a reader that finds none free copies instead, so readers never wait for each other.
/// </summary>
/// <remarks>
/// The claim word:
/// <code>
///   63                     32   31                          1   0
///  +--------------------------+-------------------------------+------+
///  | owner: process id        | version, +1 with each claim   | busy |
///  +--------------------------+-------------------------------+------+
/// </code>
/// Taken by compare-and-swap from free to busy; all else is written by the owner. Invariants:
/// <list type="number">
/// <item>The page sets of all seats and of all id words are a permutation: no page set is lost or doubled.</item>
/// <item>Pages { spare, wanted } and Position are written before the exchange. So at any instant, also of a dead owner,
/// the seat's page set is known: <c>wanted</c> if the table holds <c>spare</c>, else <c>spare</c>.</item>
/// <item>Two seats are never busy at the same location: each publishes its position, then looks at the others' (Dekker);
/// both may step back, never both go on.</item>
/// <item>While a location's id word shows { L, noref }, the page set with lap L's packet is not written, be it in the
/// table or in a seat. So a copy is good if the word still says so afterwards.</item>
/// </list>
/// </remarks>
internal unsafe readonly struct ReaderSlots<TMachine>(ControlWords* control, int count)
    where TMachine : struct, IMachine
{
    private const ulong Busy = 1;

    private readonly ReaderSlot* _first = &control->FirstSlot;

    /// <summary>How many seats there are.</summary>
    public int Count { get; } = count;

    /// <summary>Takes a free seat to read at this position; -1 when none is free or another seat is at that location.</summary>
    public int TryClaim(in RingGeometry geometry, ulong position, ProcessIdentity owner)
    {
        for (int seat = 0; seat < Count; seat++)
        {
            ulong claim = TMachine.Load(&_first[seat].Claim);
            if ((claim & Busy) != 0 || !TryTake(seat, claim, owner))
            {
                continue;
            }

            // A full barrier between this store and the look at the others: invariant 3.
            ulong* at = &_first[seat].Position;
            TMachine.CompareExchange(at, position, TMachine.Load(at));
            if (!IsElsewhere(geometry, position, seat))
            {
                return seat;
            }

            Release(seat);
            return -1;
        }

        return -1;
    }

    /// <summary>Takes the seat of an owner that is gone; the caller then settles its page set.</summary>
    public bool TryTakeOver(int seat, ProcessIdentity owner, Func<ProcessIdentity, bool> isAlive)
    {
        ulong claim = TMachine.Load(&_first[seat].Claim);
        ProcessIdentity held = OwnerStamp.Read(TMachine.Load(&_first[seat].OwnerStart), (int)(claim >> 32), claim >> 1);
        return (claim & Busy) != 0 && !isAlive(held) && TryTake(seat, claim, owner);
    }

    /// <summary>Release: what the owner wrote and read is done before the next claim.</summary>
    public void Release(int seat)
    {
        ulong* word = &_first[seat].Claim;
        TMachine.Store(word, TMachine.Load(word) & ~Busy);
    }

    public ulong PositionOf(int seat) => TMachine.Load(&_first[seat].Position);

    /// <summary>The spare page set of a seat, and the one it was exchanged for, if it was.</summary>
    public (int Spare, int Wanted) PagesOf(int seat)
    {
        ulong pages = TMachine.Load(&_first[seat].Pages);
        return ((int)(pages & 0xFFFF), (int)((pages >> 16) & 0xFFFF));
    }

    /// <summary>The owner's note of what it is about to exchange, or of the spare it ends up with.</summary>
    public void SetPages(int seat, int spare, int wanted) =>
        TMachine.Store(&_first[seat].Pages, (uint)spare | ((ulong)(uint)wanted << 16));

    private bool TryTake(int seat, ulong claim, ProcessIdentity owner)
    {
        ulong version = ((claim >> 1) + 1) & 0x7FFF_FFFF;
        ulong taken = ((ulong)(uint)owner.Pid << 32) | (version << 1) | Busy;
        if (TMachine.CompareExchange(&_first[seat].Claim, taken, claim) != claim)
        {
            return false;
        }

        TMachine.Store(&_first[seat].OwnerStart, OwnerStamp.Of(owner, version));
        return true;
    }

    private bool IsElsewhere(in RingGeometry geometry, ulong position, int own)
    {
        for (int seat = 0; seat < Count; seat++)
        {
            if (seat != own
                && (TMachine.Load(&_first[seat].Claim) & Busy) != 0
                && geometry.Index(PositionOf(seat)) == geometry.Index(position))
            {
                return true;
            }
        }

        return false;
    }
}
