using System.Runtime.CompilerServices;

namespace RingTrace.Buffers;

/// <content>
/// The classic writer's way of nearly every record: reserve by compare-and-swap, copy, commit by addition. What is
/// not this simple goes to RingBuffer.ClassicSlow.cs.
/// </content>
internal sealed unsafe partial class RingBuffer<TMachine>
{
    /// <summary>Bytes ahead of W; some 20 records, more than memory's latency.</summary>
    private const int PrefetchDistance = 512;

    /// <summary>The limit holds for the longer form, so that it does not depend on where a record falls.</summary>
    private const int ExtraOfExtended = 8;

    /// <summary>Writes one record.</summary>
    /// <remarks>
    /// This method has no loop, so the runtime can stop a thread in it at calls alone, and between the
    /// compare-and-swap and the addition there is none: a garbage collection never finds an open record. Except for
    /// payloads above 64 bytes, whose copy is a call, and in code that is not optimised yet.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private WriteResult WriteClassic<TPayload>(ushort id, int threadId, TPayload payload)
        where TPayload : struct, IPayload, allows ref struct
    {
        ulong w = TMachine.Load(&_words->Reserved);

        // W, then the clock: winning the compare-and-swap proves that nobody reserved in between, so our time is no
        // less than that of any record before ours (invariant 6).
        ulong now = Now();
        int index = _geometry.Index(w);
        ulong offset = _geometry.Offset(w);
        ulong size = (ulong)(RecordHead.Size + payload.Length);
        Location* location = &_locations[index];

        // Acquire: pairs with the compare-and-swap of whoever entered, who had pushed R before. If W stays the same
        // until our compare-and-swap, the location stays { lap, ref, page } until our own commit.
        SubBufferId state = new(TMachine.Load(&_ids[index]));

        // Acquire: pairs with the release of BeginNumber in OpenPacket, so BeginTime is this packet's. An
        // overwritten BeginTime means W has moved on, and the compare-and-swap fails.
        bool isOpen = state.IsRef(LapOf(w)) & TMachine.Load(&location->BeginNumber) == NumberOf(w);
        ulong begin = TMachine.Load(&location->BeginTime);
        byte* target = PageAt(state.Page) + offset;
        TMachine.Prefetch(target + PrefetchDistance);

        if (!isOpen | offset == 0 | offset + size >= _geometry.SubBufferSize | size + ExtraOfExtended > _geometry.SubBufferSize / 2
            | state.Page >= _geometry.PageSets | !RecordHead.IsCompact(now, begin) | TMachine.Has(Fault.ClockBeforeLoad)
            || TMachine.CompareExchange(&_words->Reserved, w + size, w) != w)
        {
            return WriteSlow(id, threadId, payload);
        }

        TMachine.Put(target, new RecordHead(id, now, threadId));
        payload.CopyTo<TMachine>(target + RecordHead.Size);
        Commit(w, size);
        return WriteResult.Recorded;
    }

    /// <summary>Counts bytes as written, and delivers the sub-buffer if they were its last.</summary>
    /// <param name="position">Any position strictly inside the sub-buffer.</param>
    /// <param name="size">The bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Commit(ulong position, ulong size)
    {
        Location* location = &_locations[_geometry.Index(position)];

        // Release: the bytes before the count; pairs with the load of Committed in Deliver and in the reader's Peek.
        TMachine.Add(&location->Committed, size);

        // Reading again may show others' commits too: two may see the counter complete (Deliver elects one of
        // them), but never nobody.
        ulong committed = TMachine.Load(&location->Committed);
        if (IsComplete(position, committed))
        {
            Deliver(position, committed);
        }
    }

    /// <summary>Whether a location's counter says that every byte of this position's sub-buffer is counted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsComplete(ulong position, ulong counter)
    {
        ulong mask = TMachine.Has(Fault.NoMask) ? ulong.MaxValue : _geometry.CounterMask;
        return ((counter - _geometry.SubBufferSize) & mask) == _geometry.CounterAtBegin(position);
    }
}
