using System.Runtime.InteropServices;

namespace RingTrace.Buffers;

/// <summary>
/// One reader of one ring. It takes a packet out by exchanging it for its spare page set (<see cref="Get"/>,
/// <see cref="Put"/>), or copies it and checks that it stayed the same (<see cref="TryCopy"/>, <see cref="TryPeek"/>).
/// Reading changes nothing for the writers: what is put back is read again by the next. Not thread-safe; any number
/// of readers may read one ring at a time.
/// </summary>
/// <remarks>Everything read from shared memory is hostile: indexes and sizes are checked before use.</remarks>
internal sealed unsafe partial class RingReader<TMachine> : IPacketReader where TMachine : struct, IMachine
{
    /// <summary>Attempts before a result is Busy. Each failed one is a writer's or a reader's progress.</summary>
    private const int MaxAttempts = 10;

    private readonly RingBuffer<TMachine> _ring;
    private readonly ReaderSlots<TMachine> _slots;
    private readonly ProcessIdentity _identity;
    private int _seat = -1;
    private int _spare;
    private ulong _heldId;
    private ulong _heldPosition;

    public RingReader(RingBuffer<TMachine> ring, ProcessIdentity identity)
    {
        _ring = ring;
        _identity = identity;
        _slots = ring.Slots;
    }

    /// <summary>The position held since <see cref="Get"/>; meaningless when nothing is.</summary>
    public ulong HeldPosition => _heldPosition;

    /// <inheritdoc/>
    public bool IsHolding => _seat >= 0;

    /// <inheritdoc/>
    public bool HoldsByCopy => false;

    /// <inheritdoc/>
    public ref readonly RingGeometry Geometry => ref _ring.Geometry;

    /// <inheritdoc/>
    public ulong Start => _ring.Start;

    /// <inheritdoc/>
    public void Range(out ulong first, out ulong end)
    {
        ref readonly RingGeometry geometry = ref _ring.Geometry;
        ulong consumed = geometry.Begin(_ring.Consumed);
        end = _ring.Reserved;

        // R is a word that others can write: never before what the ring can hold, never past W.
        ulong oldest = _ring.OldestAt(end);
        first = (long)(consumed - oldest) > 0 ? consumed : oldest;
        if ((long)(end - first) < 0)
        {
            first = geometry.Begin(end);
        }
    }

    /// <summary>
    /// Takes the packet at this position out of the ring, exclusively and without a copy; until <see cref="Put"/>.
    /// In discard mode nothing is exchanged: the writers stay away until it is consumed.
    /// </summary>
    public ReadResult Get(ulong position)
    {
        if (IsHolding)
        {
            return ReadResult.Holding;
        }

        ref readonly RingGeometry geometry = ref _ring.Geometry;
        if (!IsReadable(position, out ReadResult why))
        {
            return why;
        }

        int seat = _slots.TryClaim(in geometry, position, _identity);
        if (seat < 0)
        {
            return ReadResult.Busy;
        }

        // R again, now that the seat is ours: its last owner may have consumed this very packet, and in discard mode
        // nothing but R keeps the writers away from what is read in place.
        ReadResult result = IsReadable(position, out why) ? ReadResult.Busy : why;
        for (int attempt = 0; attempt < MaxAttempts && result == ReadResult.Busy; attempt++)
        {
            result = TryExchange(position, seat);
        }

        if (result == ReadResult.Ok)
        {
            _seat = seat;
            _heldPosition = position;
        }
        else
        {
            _slots.Release(seat);
        }

        return result;
    }

    /// <summary>
    /// Gives the packet back, to be read again or, with <paramref name="consume"/>, not. Where the writers have come
    /// round meanwhile, its page set becomes the spare.
    /// </summary>
    /// <param name="consume">Moves R past the packet; in discard mode that is what makes room.</param>
    /// <exception cref="InvalidOperationException">Nothing is held.</exception>
    public void Put(bool consume = false)
    {
        if (!IsHolding)
        {
            throw new InvalidOperationException("Nothing is held: call Get first.");
        }

        int seat = _seat;
        if (TMachine.Has(Fault.ClaimFreedEarly))
        {
            _slots.Release(seat);
        }

        if (_ring.Identity.Mode == RingMode.Overwrite)
        {
            bool isBack = _ring.TryExchangeBack(_heldPosition, _heldId, _spare);
            _slots.SetPages(seat, isBack ? _spare : new SubBufferId(_heldId).Page, 0);
        }

        if (consume)
        {
            _ring.Consume(_ring.Geometry.Next(_heldPosition));
        }

        _slots.Release(seat);
        _seat = -1;
    }

    /// <summary>
    /// Frees the seats of readers that are gone, and puts back what they held. Death is a matter of
    /// <paramref name="isAlive"/>, never of time; it is asked with <see cref="ProcessIdentity.UnknownStart"/> about an
    /// owner that has not said yet when it started.
    /// </summary>
    /// <returns>How many seats were freed.</returns>
    public int TakeOverDead(Func<ProcessIdentity, bool> isAlive)
    {
        int freed = 0;
        for (int seat = 0; seat < _slots.Count; seat++)
        {
            if (!_slots.TryTakeOver(seat, _identity, isAlive))
            {
                continue;
            }

            (int spare, int wanted) = _slots.PagesOf(seat);
            bool isSane = spare < _ring.Geometry.PageSets && wanted < _ring.Geometry.PageSets;
            if (_ring.Identity.Mode == RingMode.Overwrite && isSane && _ring.TableHolds(spare))
            {
                ulong position = _slots.PositionOf(seat);
                ulong heldId = new SubBufferId(_ring.TagOf(position), noref: true, wanted).Word;
                bool isBack = _ring.TryExchangeBack(position, heldId, spare);
                _slots.SetPages(seat, isBack ? spare : wanted, 0);
            }

            _slots.Release(seat);
            freed++;
        }

        return freed;
    }

    /// <inheritdoc/>
    public PacketHeader HeldHeader()
    {
        PacketHeader header = default;
        TMachine.Take(HeldPage, MemoryMarshal.AsBytes(new Span<PacketHeader>(ref header)));
        if (TMachine.Has(Fault.PerLocationValue))
        {
            header.TimestampBegin = _ring.BeginTimeAt(_heldPosition);
        }

        return header;
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> HeldContent(Span<byte> scratch = default)
    {
        PacketHeader header = HeldHeader();
        return _ring.ContentOf(in header, out int content) ? TMachine.See(HeldPage, content, scratch) : [];
    }

    private byte* HeldPage => _ring.PageOf(new SubBufferId(_heldId));

    private bool IsReadable(ulong position, out ReadResult why)
    {
        Range(out ulong first, out ulong end);
        why = _ring.Geometry.Offset(position) != 0 ? ReadResult.Damaged
            : (long)(position - first) < 0 ? ReadResult.Overwritten
            : (long)(end - position) <= 0 ? ReadResult.NotYet : ReadResult.Ok;
        return why == ReadResult.Ok;
    }

    private ReadResult TryExchange(ulong position, int seat)
    {
        SubBufferId id = _ring.IdOfWanted(position);
        ReadResult state = _ring.StateOf(id, position);
        if (state != ReadResult.Ok)
        {
            return state;
        }

        if (_ring.Identity.Mode == RingMode.Overwrite)
        {
            int spare = _slots.PagesOf(seat).Spare;
            if (spare >= _ring.Geometry.PageSets)
            {
                return ReadResult.Damaged;
            }

            _slots.SetPages(seat, spare, id.Page);
            if (!_ring.TryExchange(position, id, spare))
            {
                return ReadResult.Busy;
            }

            if (!_ring.HasHeaderOf(id, position) && !TMachine.Has(Fault.NoHeaderCheck))
            {
                // A dead reader's stale spare stands here; the packet itself is on the page set it held.
                bool isBack = _ring.TryExchangeBack(position, id.Word, spare);
                _slots.SetPages(seat, isBack ? spare : id.Page, 0);
                return ReadResult.Damaged;
            }

            _spare = spare;
        }

        _heldId = id.Word;
        return ReadResult.Ok;
    }
}
