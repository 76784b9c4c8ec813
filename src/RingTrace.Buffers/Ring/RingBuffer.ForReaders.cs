using System.Runtime.InteropServices;

namespace RingTrace.Buffers;

/// <content>What a reader asks of the ring. Nothing here is called by a writer.</content>
internal sealed unsafe partial class RingBuffer<TMachine>
{
    /// <summary>The readers' seats.</summary>
    public ReaderSlots<TMachine> Slots =>
        new(_control, _identity.Mode == RingMode.Overwrite ? Math.Min(_geometry.SpareCount, ControlWords.MaxSlots) : 1);

    /// <summary>R.</summary>
    public ulong Consumed => TMachine.Load(&_control->Consumed);

    /// <summary>Records lost, all causes.</summary>
    public ulong Losses => TotalLosses();

    /// <summary>
    /// The oldest position that the ring can hold when this is W; W does not say whether a writer is at its location already,
    /// for the next lap.
    /// </summary>
    public ulong OldestAt(ulong w)
    {
        ulong oldest = _geometry.Entered(w) - _geometry.RingSize;
        return (long)(oldest - _start) < 0 ? _start : oldest;
    }

    public ulong TagOf(ulong position) => LapOf(position);

    public SubBufferId IdAt(ulong position) => new(TMachine.Load(&_ids[_geometry.Index(position)]));

    /// <summary>
    /// The same, for who wants the packet: where W is past its end and its writer stopped before it could deliver, the
    /// reader does. Acquire: pairs with the store of W in the section that moved it there.
    /// </summary>
    public SubBufferId IdOfWanted(ulong position)
    {
        SubBufferId id = IdAt(position);
        if (_identity.Writer != WriterKind.Restartable || !id.IsRef(LapOf(position))
            || ((long)(Reserved - _geometry.Next(position)) < 0 && !TMachine.Has(Fault.HelpBeforeEnd)))
        {
            return id;
        }

        DeliverWhole(position);
        return IdAt(position);
    }

    /// <summary>The memory of a page set. The index must have been checked.</summary>
    public byte* PageOf(SubBufferId id) => PageAt(id.Page);

    /// <summary>The recorder's clock, read after every load before it.</summary>
    public ulong ReadClock() => Now();

    public ulong BeginTimeAt(ulong position) => TMachine.Load(&_locations[_geometry.Index(position)].BeginTime);

    /// <summary>What an id word says of the packet at this position.</summary>
    public ReadResult StateOf(SubBufferId id, ulong position)
    {
        ulong lap = LapOf(position);
        if (id.Page >= _geometry.PageSets)
        {
            return ReadResult.Damaged;
        }

        if (id.IsNorefOf(lap) || (TMachine.Has(Fault.NoTag) && id.IsNoref))
        {
            return ReadResult.Ok;
        }

        // Of this lap and not delivered, or still of the lap before: in the making. Else the writers came round.
        return id.IsRef(lap) || id.Lap == LapBefore(position) ? ReadResult.NotYet : ReadResult.Overwritten;
    }

    /// <summary>
    /// Get: the spare for the delivered page. Acquire: pairs with the release in Deliver. Fails if anything in the
    /// word has changed, its lap included.
    /// </summary>
    public bool TryExchange(ulong position, SubBufferId id, int spare)
    {
        ulong* word = &_ids[_geometry.Index(position)];
        if (TMachine.Has(Fault.NoTag))
        {
            // The reader was delayed between its look and its swap; without the tag any later lap looks the same.
            SubBufferId now = new(TMachine.Load(word));
            id = now.IsNoref && now.Page == id.Page ? now : id;
        }

        ulong exchanged = new SubBufferId(id.Lap, noref: true, spare).Word;
        return TMachine.CompareExchange(word, exchanged, id.Word) == id.Word;
    }

    /// <summary>
    /// Put: the held page for the spare, if the writers have not come round. Release: our reads of the page before
    /// the exchange; pairs with EnterForWriting.
    /// </summary>
    public bool TryExchangeBack(ulong position, ulong heldId, int spare)
    {
        ulong* word = &_ids[_geometry.Index(position)];
        if (TMachine.Has(Fault.PutWithoutTag))
        {
            TMachine.Store(word, heldId);
            return true;
        }

        ulong exchanged = new SubBufferId(new SubBufferId(heldId).Lap, noref: true, spare).Word;
        return TMachine.CompareExchange(word, heldId, exchanged) == exchanged;
    }

    /// <summary>Whether any location holds this page set.</summary>
    public bool TableHolds(int page)
    {
        for (int i = 0; i < _geometry.Count; i++)
        {
            if (new SubBufferId(TMachine.Load(&_ids[i])).Page == page)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Does the page set hold the packet of this position?</summary>
    public bool HasHeaderOf(SubBufferId id, ulong position)
    {
        PacketHeader header = HeaderAt(id.Page);
        return IsHeaderOf(in header, position);
    }

    /// <summary>Whether it is the header of this ring's packet at this position, in all that a writer puts there for it.</summary>
    public bool IsHeaderOf(in PacketHeader header, ulong position) =>
        header.Magic == PacketHeader.MagicValue && header.Sequence == SequenceOf(position)
        && header.TraceId == _identity.TraceId && header.StreamId == 0 && header.StreamInstance == StreamInstance
        && header.Cpu == _identity.Cpu;

    /// <summary>The content a closed packet claims, if a sub-buffer can hold it.</summary>
    public bool ContentOf(in PacketHeader header, out int length)
    {
        ulong bytes = header.End.ContentBits / 8;
        bool isSane = bytes >= (ulong)PacketHeader.Size && bytes <= _geometry.SubBufferSize;
        length = isSane ? (int)bytes : 0;
        return isSane;
    }

    /// <summary>Whether all that is reserved in the open sub-buffer below this W is committed.</summary>
    public bool IsCommittedUpTo(ulong w)
    {
        if (_identity.Writer == WriterKind.Restartable)
        {
            return true;
        }

        ulong committed = TMachine.Load(&_locations[_geometry.Index(w)].Committed);
        return ((committed - _geometry.CounterAtBegin(w)) & _geometry.CounterMask) == _geometry.Offset(w);
    }

    /// <summary>
    /// Whether every byte of a sub-buffer that W has passed is in, from the classic writer's counters. Acquire: pairs with
    /// Commit. Then its end stands in the location, or in the header too if it is delivered.
    /// </summary>
    public ReadResult WholenessOf(ulong position)
    {
        ulong committed = TMachine.Load(&_locations[_geometry.Index(position)].Committed);
        ulong size = (committed - _geometry.CounterAtBegin(position)) & _geometry.CounterMask;
        return size == _geometry.SubBufferSize ? ReadResult.Ok
            : size < _geometry.SubBufferSize ? ReadResult.NotYet : ReadResult.Overwritten;
    }

    /// <summary>Whether the classic writer's deliverer is done, and the header has its end.</summary>
    public bool IsDelivered(ulong position)
    {
        ulong delivered = TMachine.Load(&_locations[_geometry.Index(position)].Delivered);
        return ((delivered - _geometry.SubBufferSize - _geometry.CounterAtBegin(position)) & _geometry.CounterMask) == 0;
    }

    /// <summary>The end of a sub-buffer as who left it has noted it, before the last commit.</summary>
    public (PacketEnd End, ulong Losses) NotedEnd(ulong position)
    {
        Location* location = &_locations[_geometry.Index(position)];
        ulong content = Math.Min(TMachine.Load(&location->EndContent), _geometry.SubBufferSize);
        return (PacketEnd.At(TMachine.Load(&location->EndTime), content), TMachine.Load(&location->EndLosses));
    }

    /// <summary>The header of a page set, whatever it holds.</summary>
    public PacketHeader HeaderAt(int page)
    {
        PacketHeader header = default;
        TMachine.Take(PageAt(page), MemoryMarshal.AsBytes(new Span<PacketHeader>(ref header)));
        return header;
    }

    /// <summary>Copies the first bytes of a page set. The index must have been checked.</summary>
    public void CopyPage(int page, Span<byte> target) => TMachine.Take(PageAt(page), target);

    /// <summary>Moves R forward to a position, never back. Release: our reads before it; pairs with CheckRoom.</summary>
    public void Consume(ulong position)
    {
        while (true)
        {
            ulong consumed = TMachine.Load(&_control->Consumed);
            if ((long)(position - consumed) <= 0
                || TMachine.CompareExchange(&_control->Consumed, position, consumed) == consumed)
            {
                return;
            }
        }
    }
}
