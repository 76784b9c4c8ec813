using System.Runtime.CompilerServices;

namespace RingTrace.Buffers;

/// <content>The classic writer at the border of a sub-buffer: full check, switch, delivery.</content>
internal sealed unsafe partial class RingBuffer<TMachine>
{
    /// <summary>Attempts before a record is given up as <see cref="Loss.Restart"/>.</summary>
    private const int MaxAttempts = 10_000;

    /// <summary>What one attempt at a reservation would do, decided from one reading of W.</summary>
    private ref struct Plan
    {
        /// <summary>W as it was read; the compare-and-swap proves that it still was.</summary>
        public ulong Old;
        public ulong Now;

        /// <summary>Where the record goes.</summary>
        public ulong Record;
        public ulong RecordSize;
        public bool Compact;

        /// <summary>We leave the sub-buffer of <see cref="Old"/> and pad it.</summary>
        public bool Closes;

        /// <summary>We are the first in the record's sub-buffer and write its header.</summary>
        public bool Opens;

        /// <summary>Losses so far; sampled before the reservation, so they grow from packet to packet.</summary>
        public ulong Losses;

        public readonly ulong End => Record + RecordSize;
    }

    /// <summary>The loop around a reservation in all its cases.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private WriteResult WriteSlow<TPayload>(ushort id, int threadId, TPayload payload)
        where TPayload : struct, IPayload, allows ref struct
    {
        ulong compactSize = (ulong)(RecordHead.Size + payload.Length);
        ulong extendedSize = (ulong)(ExtendedRecordHead.Size + payload.Length);
        if (extendedSize > MaxRecord)
        {
            return Lose(Loss.TooBig);
        }

        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            Plan plan = default;
            if (TMachine.Has(Fault.ClockBeforeLoad))
            {
                plan.Now = Now();
                plan.Old = TMachine.Load(&_words->Reserved);
            }
            else
            {
                plan.Old = TMachine.Load(&_words->Reserved);
                plan.Now = Now();
            }

            ulong offset = _geometry.Offset(plan.Old);
            plan.Record = plan.Old;
            plan.Opens = offset == 0;
            if (!plan.Opens)
            {
                plan.Compact = IsCompactAt(plan.Old, plan.Now);
                plan.RecordSize = plan.Compact ? compactSize : extendedSize;
                plan.Closes = plan.Opens = offset + plan.RecordSize > _geometry.SubBufferSize;
            }

            if (plan.Opens)
            {
                ulong begin = plan.Closes ? _geometry.Next(plan.Old) : plan.Old;
                switch (CheckRoom(begin, plan.Old))
                {
                    case Room.Stale:
                        continue;
                    case Room.Undelivered:
                        return Lose(Loss.Wrap);
                    case Room.Full:
                        return Lose(Loss.Full);
                }

                // Our time is the packet's begin.
                plan.Compact = true;
                plan.RecordSize = compactSize;
                plan.Record = begin + (ulong)PacketHeader.Size;
            }

            plan.Losses = TotalLosses();
            if (TMachine.CompareExchange(&_words->Reserved, plan.End, plan.Old) == plan.Old)
            {
                return WriteReserved(in plan, id, threadId, payload);
            }
        }

        return Lose(Loss.Restart);
    }

    /// <summary>All that the reservation has made ours: the old one's padding, the new one's header, the record.</summary>
    private WriteResult WriteReserved<TPayload>(in Plan plan, ushort id, int threadId, TPayload payload)
        where TPayload : struct, IPayload, allows ref struct
    {
        ulong last = plan.End - 1;
        bool fills = _geometry.Offset(plan.End) == 0;
        byte* page = EnterForWriting(last);

        if (plan.Closes)
        {
            Leave(in plan);
        }

        if (page == null)
        {
            // The space is reserved and must be counted, or the location is lost for good.
            Commit(last, plan.RecordSize + (plan.Opens ? (ulong)PacketHeader.Size : 0));
            return Lose(Loss.Swapped);
        }

        ulong size = plan.RecordSize;
        if (plan.Opens)
        {
            OpenPacket(page, last, plan.Now, plan.Losses);
            size += (ulong)PacketHeader.Size;
        }

        if (fills)
        {
            NoteEnd(last, _geometry.SubBufferSize, in plan);
        }

        byte* target = page + _geometry.Offset(plan.Record);
        if (plan.Compact)
        {
            TMachine.Put(target, new RecordHead(id, plan.Now, threadId));
            target += RecordHead.Size;
        }
        else
        {
            TMachine.Put(target, new ExtendedRecordHead(id, plan.Now, threadId));
            target += ExtendedRecordHead.Size;
        }

        payload.CopyTo<TMachine>(target);
        Commit(last, size);
        return WriteResult.Recorded;
    }

    /// <summary>Closes the sub-buffer that W has left: what its end is, then the rest of its bytes as padding.</summary>
    private void Leave(in Plan plan)
    {
        ulong last = plan.Old - 1;
        ulong content = _geometry.Offset(plan.Old);
        EnterForWriting(last);
        if (!TMachine.Has(Fault.EndFieldsAfterCommit))
        {
            NoteEnd(last, content, in plan);
        }

        Commit(last, _geometry.SubBufferSize - content);
        if (TMachine.Has(Fault.EndFieldsAfterCommit))
        {
            NoteEnd(last, content, in plan);
        }
    }

    private enum Room
    {
        Free,
        Stale,
        Undelivered,
        Full,
    }

    /// <summary>May the sub-buffer at this position be entered?</summary>
    private Room CheckRoom(ulong begin, ulong w)
    {
        // W, delivered, W: without the second look a switch that came between makes a delivered location seem
        // undelivered. Acquire, in this order; pairs with the store of Delivered in Deliver.
        ulong delivered = TMachine.Load(&_locations[_geometry.Index(begin)].Delivered);
        if (!TMachine.Has(Fault.NoRecheck) && TMachine.Load(&_words->Reserved) != w)
        {
            return Room.Stale;
        }

        ulong mask = TMachine.Has(Fault.NoMask) ? ulong.MaxValue : _geometry.CounterMask;
        if ((delivered & mask) != _geometry.CounterAtBegin(begin) && !TMachine.Has(Fault.NoWrapCheck))
        {
            return Room.Undelivered;
        }

        // In discard mode R only grows, so room that is there stays there. Signed: if W is no longer what it was, R may
        // be past our begin by now; the compare-and-swap on W then fails.
        ulong consumed = TMachine.Load(&_control->Consumed);
        bool isFull = _identity.Mode == RingMode.Discard
            && (long)(begin - _geometry.Begin(consumed) - _geometry.RingSize) >= 0;
        return isFull && !TMachine.Has(Fault.NoFullCheck) ? Room.Full : Room.Free;
    }

    /// <summary>The packet's begin is known and near enough for 32 bits of time.</summary>
    private bool IsCompactAt(ulong w, ulong now)
    {
        Location* location = &_locations[_geometry.Index(w)];
        return TMachine.Load(&location->BeginNumber) == NumberOf(w)
            && RecordHead.IsCompact(now, TMachine.Load(&location->BeginTime));
    }

    /// <summary>Writes the header of the packet that begins; its end stays open.</summary>
    private void OpenPacket(byte* page, ulong position, ulong now, ulong losses)
    {
        TMachine.Put(page, HeaderOf(position, now, losses));

        Location* location = &_locations[_geometry.Index(position)];
        TMachine.Store(&location->BeginTime, now);

        // Release: pairs with the acquire of BeginNumber in Write and IsCompactAt.
        TMachine.Store(&location->BeginNumber, NumberOf(position));
    }

    /// <summary>
    /// Notes how the sub-buffer ends, for who delivers it to write into the header: by who moves W to or past the end,
    /// before its bytes are committed. Not into the header at once, which its opener may still be about to write.
    /// </summary>
    private void NoteEnd(ulong position, ulong content, in Plan plan)
    {
        Location* location = &_locations[_geometry.Index(position)];
        TMachine.Store(&location->EndTime, plan.Now);
        TMachine.Store(&location->EndContent, content);
        TMachine.Store(&location->EndLosses, plan.Losses);
    }

    /// <summary>Writes the end fields of a sub-buffer whose every byte is committed; by who delivers it.</summary>
    private void ClosePacket(byte* page, Location* location)
    {
        ulong time = TMachine.Has(Fault.EndTimeFromDeliverer)
            ? Now() : TMachine.Load(&location->EndTime);
        ulong losses = TMachine.Has(Fault.LossesFromDeliverer) ? TotalLosses() : TMachine.Load(&location->EndLosses);
        TMachine.Put(page + PacketHeader.EndOffset, PacketEnd.At(time, TMachine.Load(&location->EndContent)));
        TMachine.Put(page + PacketHeader.EventsDiscardedOffset, losses);
    }
}
