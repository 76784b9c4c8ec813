using System.Runtime.CompilerServices;

namespace RingTrace.Buffers;

/// <content>The table: entering a location and delivering what is whole. See <see cref="SubBufferId"/>.</content>
internal sealed unsafe partial class RingBuffer<TMachine>
{
    /// <summary>Attempts against a reader that keeps exchanging the page; it needs a full get and put for each.</summary>
    private const int MaxExchanges = 1_000;

    /// <summary>
    /// Makes a location the writers' for the lap of this position and returns its page; null when a consumer has
    /// spoiled the word.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private byte* EnterForWriting(ulong position)
    {
        ulong lap = LapOf(position);
        ulong* word = &_ids[_geometry.Index(position)];
        for (int attempt = 0; attempt < MaxExchanges; attempt++)
        {
            SubBufferId id = new(TMachine.Load(word));
            if (id.Page >= _geometry.PageSets)
            {
                return null;
            }

            if (id.IsRef(lap))
            {
                return PageAt(id.Page);
            }

            if (TMachine.Has(Fault.BlindEnter))
            {
                TMachine.Store(word, new SubBufferId(lap, noref: false, id.Page).Word);
                return PageAt(id.Page);
            }

            if (!id.IsNorefOf(LapBefore(position)) && !TMachine.Has(Fault.NoWrapCheck))
            {
                return null;
            }

            // R first: whoever sees { lap, ref } knows that the reader has been pushed.
            if (_identity.Mode == RingMode.Overwrite)
            {
                PushReader(position);
            }

            // The page must come from the word that we replace: a reader may have exchanged it meanwhile.
            // Pairs with the reader's compare-and-swap in Get and Put.
            ulong entered = new SubBufferId(lap, noref: false, id.Page).Word;
            if (TMachine.CompareExchange(word, entered, id.Word) == id.Word)
            {
                return PageAt(id.Page);
            }

            if (TMachine.Has(Fault.ResolveBeforeEnter))
            {
                ulong now = TMachine.Load(word);
                TMachine.CompareExchange(word, new SubBufferId(lap, false, new SubBufferId(now).Page).Word, now);
                return PageAt(id.Page);
            }
        }

        return null;
    }

    /// <summary>Overwrite mode: the oldest sub-buffer stops being readable when a writer enters its location.</summary>
    private void PushReader(ulong position)
    {
        if (TMachine.Has(Fault.NoPush))
        {
            return;
        }

        ulong oldest = _geometry.Begin(position) - _geometry.RingSize + _geometry.SubBufferSize;
        for (int attempt = 0; attempt < MaxExchanges; attempt++)
        {
            ulong consumed = TMachine.Load(&_control->Consumed);
            if ((long)(oldest - consumed) <= 0
                || TMachine.CompareExchange(&_control->Consumed, oldest, consumed) == consumed)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Gives a whole sub-buffer to the readers, once: of all who see the counter complete, the one that moves
    /// Delivered from its value to one more.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Deliver(ulong position, ulong committed)
    {
        Location* location = &_locations[_geometry.Index(position)];
        ulong before = committed - _geometry.SubBufferSize;

        // A full barrier: what the other committers wrote is ours to read. The odd value keeps a wrapping writer out.
        if (!TMachine.Has(Fault.NoElection)
            && TMachine.CompareExchange(&location->Delivered, before + 1, before) != before)
        {
            return;
        }

        ulong inside = TMachine.Has(Fault.LapFromOnePastEnd) ? _geometry.Next(position) : position;
        ulong* word = &_ids[_geometry.Index(position)];
        SubBufferId id = new(TMachine.Load(word));
        if (TMachine.Has(Fault.PublishBeforeNoref))
        {
            TMachine.Store(&location->Delivered, committed);
        }

        // Release: the bytes before NOREF; pairs with the acquire of the id word in the reader. No writer changes
        // a ref word, so only a consumer's garbage makes this fail, and then the reader sees that.
        if (id.IsRef(LapOf(position)) && id.Page < _geometry.PageSets)
        {
            ClosePacket(PageAt(id.Page), location);
            TMachine.CompareExchange(word, new SubBufferId(LapOf(inside), noref: true, id.Page).Word, id.Word);
        }

        // Release: NOREF before the count; pairs with CheckRoom, so that a writer that finds the location free
        // also finds NOREF and meets the reader at the id word.
        TMachine.Store(&location->Delivered, committed);
    }
}
