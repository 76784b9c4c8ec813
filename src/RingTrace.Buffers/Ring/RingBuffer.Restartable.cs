using System.Runtime.InteropServices;

namespace RingTrace.Buffers;

/// <content>
/// The restartable writer: a record becomes visible with one store of W, made by a section that the kernel restarts
/// when its thread is interrupted. Nearly every record takes the same steps in native code (rt_write in
/// native/sections.S); these are the steps for all records.
/// </content>
/// <remarks>
/// Invariants, asserted by the explorer after every step:
/// <list type="number">
/// <item>All bytes below W are whole, end fields included: reserve and commit are the same store. There is never a record
/// under way, so a writer that dies or stalls leaves no hole.</item>
/// <item>W of a ring is only ever stored by sections on the ring's CPU.</item>
/// <item>A location is entered for lap L, by compare-and-swap, before a section puts the first byte of lap L into it.</item>
/// <item>W at or past a sub-buffer's end proves it whole: the section that moves it there writes the end fields. So anyone
/// may deliver it: the writer, the next to enter its location, the reader that wants it.</item>
/// <item>Times do not fall in the order of W: the clock is read after W, and the section compares W.</item>
/// </list>
/// Source: the per-CPU data of Linux rseq(2), on LTTng's table of sub-buffers.
/// </remarks>
internal sealed unsafe partial class RingBuffer<TMachine>
{
    /// <summary>Attempts before a record is given up: a debugger's single steps would restart it for ever.</summary>
    public const int MaxRestarts = 64;

    /// <summary>A new packet's header and its first record's head, in one piece.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Opening
    {
        public PacketHeader Header;
        public RecordHead Head;
    }

    /// <summary>The fields of a packet's header that its end decides; the sequence between them stays what it is.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Closing
    {
        public PacketEnd End;
        public ulong Sequence;
        public ulong EventsDiscarded;
    }

    /// <summary>Writes one record into this ring, from a thread on this ring's CPU.</summary>
    private WriteResult WriteRestartable<TPayload>(ushort id, int threadId, TPayload payload)
        where TPayload : struct, IPayload, allows ref struct
    {
        for (int attempt = 0; attempt < MaxRestarts; attempt++)
        {
            if (TryWriteRestartable(id, threadId, payload, out WriteResult result))
            {
                return result;
            }
        }

        return Lose(Loss.Restart);
    }

    /// <summary>One attempt at a record.</summary>
    /// <returns>False when nothing was published and the record must be tried anew, perhaps on another CPU's ring.</returns>
    public bool TryWriteRestartable<TPayload>(ushort id, int threadId, TPayload payload, out WriteResult result)
        where TPayload : struct, IPayload, allows ref struct
    {
        ulong length = (ulong)payload.Length;
        if ((ulong)ExtendedRecordHead.Size + length > MaxRecord)
        {
            result = Lose(Loss.TooBig);
            return true;
        }

        // W, then the clock: the section proves that nobody published in between (invariant 5).
        ulong early = TMachine.Has(Fault.ClockBeforeLoad) ? Now() : 0;
        ulong w = TMachine.Load(&_words->Reserved);
        ulong now = TMachine.Has(Fault.ClockBeforeLoad) ? early : Now();
        ulong offset = _geometry.Offset(w);
        byte* page = null;
        if (offset != 0)
        {
            // If W stays the same up to the section, the location has been { lap, ref, page } throughout.
            SubBufferId open = new(TMachine.Load(&_ids[_geometry.Index(w)]));
            if (open.Page >= _geometry.PageSets)
            {
                result = Lose(Loss.Swapped);
                return true;
            }

            page = PageAt(open.Page);
            bool isCompact = RecordHead.IsCompact(now, BeginTimeOf(page));
            int head = isCompact ? RecordHead.Size : ExtendedRecordHead.Size;
            if (offset + (ulong)head + length <= _geometry.SubBufferSize)
            {
                RecordHead compact = new(id, now, threadId);
                ExtendedRecordHead extended = new(id, now, threadId);
                Piece piece = isCompact ? Piece.Of(page + offset, &compact) : Piece.Of(page + offset, &extended);
                return TryAppend(w, now, page, piece, payload.Bytes, out result);
            }
        }

        return TryEnter(w, now, page, new RecordHead(id, now, threadId), payload.Bytes, out result);
    }

    /// <summary>A record that fits into the open sub-buffer.</summary>
    private bool TryAppend(
        ulong w, ulong now, byte* page, Piece head, ReadOnlySpan<byte> payload, out WriteResult result)
    {
        ulong end = w + (ulong)head.Length + (ulong)payload.Length;
        bool fills = _geometry.Offset(end) == 0;
        Closing closing = fills ? ClosingOf(w, now, _geometry.SubBufferSize, TotalLosses()) : default;
        Section section = new() { Expected = w, Value = end, Head = head };
        if (fills && !TMachine.Has(Fault.NoEndAtExactFill))
        {
            section.End = Piece.Of(page + PacketHeader.EndOffset, &closing);
        }

        bool isPublished = TryPublish(ref section, payload, out result);
        if (isPublished && fills)
        {
            DeliverWhole(w);
        }

        return isPublished;
    }

    /// <summary>A record that goes into the next sub-buffer: enters it, ends the open one, begins a packet.</summary>
    /// <param name="w">W as it was read.</param>
    /// <param name="now">The clock, read after W.</param>
    /// <param name="open">The page of the open sub-buffer; unused when W stands at a border.</param>
    /// <param name="head">The record's head.</param>
    /// <param name="payload">The record's fields.</param>
    /// <param name="result">What became of the record.</param>
    private bool TryEnter(
        ulong w, ulong now, byte* open, RecordHead head, ReadOnlySpan<byte> payload, out WriteResult result)
    {
        ulong offset = _geometry.Offset(w);
        bool closes = offset != 0;
        ulong begin = closes ? _geometry.Next(w) : w;

        // Before any id is touched: a record that is dropped must leave no trace in the table.
        if (!TMachine.Has(Fault.RoomAfterEnter) && IsFullAt(begin))
        {
            result = Lose(Loss.Full);
            return true;
        }

        byte* page = EnterRestartable(begin, w, out bool isSpoiled);
        if (page == null)
        {
            result = isSpoiled ? Lose(Loss.Swapped) : WriteResult.Recorded;
            return isSpoiled;
        }

        if (TMachine.Has(Fault.RoomAfterEnter) && IsFullAt(begin))
        {
            result = Lose(Loss.Full);
            return true;
        }

        // It does not fill the sub-buffer: the limit holds for the longer head, so 8 bytes at least are left.
        ulong end = begin + (ulong)sizeof(Opening) + (ulong)payload.Length;
        ulong losses = TotalLosses();
        Closing closing = ClosingOf(w, now, offset, losses);
        Opening opening = new() { Header = HeaderOf(begin, now, losses), Head = head };
        Section section = new() { Expected = w, Value = end, Head = Piece.Of(page, &opening) };
        if (closes)
        {
            section.End = Piece.Of(open + PacketHeader.EndOffset, &closing);
        }

        if (TMachine.Has(Fault.DeliverBeforePublish) && closes)
        {
            DeliverWhole(w);
        }

        if (!TryPublish(ref section, payload, out result))
        {
            return false;
        }

        if (closes)
        {
            DeliverWhole(w);
        }

        return true;
    }

    /// <summary>
    /// Makes the location of this position the writers' for its lap, whoever of them comes first, and returns its page.
    /// Null: W has moved on, or (<paramref name="isSpoiled"/>) a consumer has spoiled the word.
    /// </summary>
    private byte* EnterRestartable(ulong begin, ulong w, out bool isSpoiled)
    {
        ulong lap = LapOf(begin);
        ulong before = LapBefore(begin);
        ulong* word = &_ids[_geometry.Index(begin)];
        isSpoiled = false;
        for (int attempt = 0; attempt < MaxExchanges; attempt++)
        {
            SubBufferId id = new(TMachine.Load(word));
            if (id.Page >= _geometry.PageSets)
            {
                isSpoiled = true;
                return null;
            }

            if (id.IsRef(lap))
            {
                // Somebody entered it already, and was interrupted or beaten.
                return PageAt(id.Page);
            }

            if (TMachine.Has(Fault.BlindEnter))
            {
                TMachine.Store(word, new SubBufferId(lap, noref: false, id.Page).Word);
                return PageAt(id.Page);
            }

            if (id.IsNorefOf(before))
            {
                // The page must come from the word that we replace: a reader may have exchanged it meanwhile. A full
                // barrier: no byte of the new lap before it; pairs with the reader's compare-and-swap in Get and Put,
                // and with its second look in Peek.
                ulong entered = new SubBufferId(lap, noref: false, id.Page).Word;
                ulong found = TMachine.CompareExchange(word, entered, id.Word);
                if (found == id.Word)
                {
                    return PageAt(id.Page);
                }

                if (TMachine.Has(Fault.ResolveBeforeEnter) && new SubBufferId(found).IsNorefOf(before))
                {
                    TMachine.CompareExchange(word, new SubBufferId(lap, false, new SubBufferId(found).Page).Word, found);
                    return PageAt(id.Page);
                }
            }
            else if (id.IsRef(before) && !TMachine.Has(Fault.NoHelpOfNext))
            {
                // W is past its end, so it is whole; its writer stopped before it could deliver.
                DeliverWhole(begin - _geometry.RingSize);
            }
            else
            {
                // Not what stands there while W is where we read it.
                isSpoiled = TMachine.Load(&_words->Reserved) == w && !TMachine.Has(Fault.NoHelpOfNext);
                return null;
            }
        }

        return null;
    }

    /// <summary>
    /// Gives a sub-buffer that W has reached the end of to the readers; one try, for a failure says that somebody else
    /// did. Release: the bytes before NOREF; pairs with the acquire of the id word in the reader.
    /// </summary>
    private void DeliverWhole(ulong position)
    {
        ulong* word = &_ids[_geometry.Index(position)];
        SubBufferId id = new(TMachine.Load(word));
        ulong lap = LapOf(position);
        if (!id.IsRef(lap) || id.Page >= _geometry.PageSets)
        {
            return;
        }

        ulong delivered = new SubBufferId(lap, noref: true, id.Page).Word;
        if (TMachine.Has(Fault.PlainDeliver))
        {
            TMachine.Store(word, delivered);
        }
        else
        {
            TMachine.CompareExchange(word, delivered, id.Word);
        }
    }

    /// <summary>A section was interrupted.</summary>
    public void CountRestart() => TMachine.Add(&_words->Restarts, 1);

    private bool TryPublish(ref Section section, ReadOnlySpan<byte> payload, out WriteResult result)
    {
        result = WriteResult.Recorded;
        section.W = &_words->Reserved;
        section.Cpu = _identity.Cpu;
        fixed (byte* source = payload)
        {
            section.Payload = new Piece
            {
                Target = section.Head.Target + section.Head.Length,
                Source = source,
                Length = payload.Length,
            };
            PublishResult published = TMachine.Publish(ref section);
            if (published == PublishResult.Restarted)
            {
                CountRestart();
            }

            return published == PublishResult.Published;
        }
    }

    /// <summary>Discard mode: no room for a sub-buffer at this position. R only grows, so room that is there stays.</summary>
    private bool IsFullAt(ulong begin) =>
        _identity.Mode == RingMode.Discard && !TMachine.Has(Fault.NoFullCheck)
        && (long)(begin - _geometry.Begin(TMachine.Load(&_control->Consumed)) - _geometry.RingSize) >= 0;

    private static ulong BeginTimeOf(byte* page)
    {
        ulong begin = 0;
        TMachine.Take(page + PacketHeader.BeginOffset, MemoryMarshal.AsBytes(new Span<ulong>(ref begin)));
        return begin;
    }

    private Closing ClosingOf(ulong w, ulong now, ulong content, ulong losses) => new()
    {
        End = PacketEnd.At(now, content),
        Sequence = SequenceOf(w),
        EventsDiscarded = losses,
    };
}
