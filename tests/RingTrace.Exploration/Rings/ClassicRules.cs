using System.Numerics;
using RingTrace.Buffers;

namespace RingTrace.Exploration;

/// <summary>The classic writer: the invariants on <see cref="RingBuffer{TMachine}"/>, cited as I1 to I6.</summary>
internal sealed unsafe class ClassicRules(RingWatch watch, ExploredRing ring) : WriterRules(watch, ring)
{
    /// <summary>The last load of a Delivered word: where, what, and W at that time.</summary>
    private readonly (int Location, ulong Value, ulong W)[] _delivered = new (int, ulong, ulong)[16];
    private readonly ulong[] _written = new ulong[(int)(ring.Geometry.DataLength >> 6)];

    public override bool MayPush => true;

    public override ulong FinalR
    {
        get
        {
            ulong oldest = Geometry.Begin(Ring.W - 1) - Geometry.RingSize + Geometry.SubBufferSize;
            return Ring.W == Ring.Buffer.Start || (long)(oldest - Ring.Buffer.Start) < 0 ? Ring.Buffer.Start : oldest;
        }
    }

    public override void Reset()
    {
        Array.Clear(_delivered);
        Array.Clear(_written);
    }

    public override void HasLoaded(LogicalThread thread, ulong* word, ulong value)
    {
        for (int i = 0; i < Geometry.Count; i++)
        {
            if (word == &Ring.Memory.Locations[i].Delivered)
            {
                _delivered[thread.Index] = (i, value, Ring.W);
            }
        }
    }

    public override string? CheckReservation(LogicalThread thread, ulong from, ulong to, out Reservation reservation)
    {
        ref RingWatch.ThreadState state = ref Watch[thread.Index];
        reservation = new(thread.Index, state.Number, state.Length, from, to, state.LastTime, Watch.Losses());
        return null;
    }

    public override string? CheckBytes(int thread, int location, int offset, int length)
    {
        ulong from = Ring.LatestAt(location) + (ulong)offset;
        bool isOwn = IsEndField(offset, length) || (Watch.Reservations.TryLastOf(thread, out Reservation own)
            && (long)(from - own.From) >= 0 && (long)(own.To - (from + (ulong)length)) >= 0);
        return isOwn ? MarkWritten(Ring.IdAt(location).Page, offset, length)
            : $"bytes {from:x}+{length} are written by thread {thread} that has not reserved them";
    }

    public override string? CheckEnter(
        LogicalThread thread, int location, SubBufferId before, SubBufferId after, string change)
    {
        ulong begin = Ring.LatestAt(location);
        bool isNext = after.Lap == Ring.TagOf(begin) && before.Lap == Ring.TagOf(begin - Geometry.RingSize);
        bool isPushed = !Ring.IsOverwrite
            || (long)(Ring.R - (begin - Geometry.RingSize + Geometry.SubBufferSize)) >= 0;
        ClearWritten(after.Page);
        return !isNext ? $"I5: entered the wrong lap: {change}"
            : !isPushed ? $"I4: entered before R was pushed: {change}" : null;
    }

    public override string? CheckDelivery(LogicalThread thread, int location, SubBufferId after, string change)
    {
        ulong begin = Ring.LatestAt(location);
        ulong whole = (Geometry.CounterAtBegin(begin) + Geometry.SubBufferSize) & Geometry.CounterMask;
        bool isWhole = (Ring.Memory.Locations[location].Committed & Geometry.CounterMask) == whole;
        return !Watch.IsWriter(thread.Index) ? $"I5: delivered by a reader: {change}"
            : !isWhole || after.Lap != Ring.TagOf(begin) ? $"I5: delivered before it is whole: {change}"
            : CheckWritten(after.Page, Watch.Reservations.ContentOf(begin));
    }

    public override string? CheckLocation(ulong* word, ulong before, ulong after)
    {
        for (int i = 0; i < Geometry.Count; i++)
        {
            ref Location location = ref Ring.Memory.Locations[i];
            if (word == &Ring.Memory.Locations[i].Delivered)
            {
                bool isDone = (after & 1) == 0;
                return (long)(after - before) < 0 ? $"Delivered of location {i} falls from {before:x} to {after:x}"
                    : isDone && !Ring.IdAt(i).IsNoref ? $"I5: location {i} is given back before NOREF is set"
                    : isDone && after != location.Committed
                        ? $"I2: location {i} is delivered at {after:x}, committed {location.Committed:x}" : null;
            }

            if (word == &Ring.Memory.Locations[i].Committed)
            {
                ulong open = after - (location.Delivered & ~1ul);
                return open > Geometry.SubBufferSize ? $"I3: {open} bytes are committed at location {i}" : null;
            }
        }

        return null;
    }

    public override string? CheckLoss(LogicalThread thread, Loss cause)
    {
        if (cause != Loss.Wrap)
        {
            return base.CheckLoss(thread, cause);
        }

        (int location, ulong delivered, ulong w) = _delivered[thread.Index];
        ulong next = Watch.NextBegin(w);
        ulong behind = (Geometry.CounterAtBegin(next) - delivered) & Geometry.CounterMask;
        bool isBehind = behind != 0 && behind <= Geometry.CounterMask >> 1;
        return Geometry.Index(next) == location && isBehind
            ? null : $"wrap loss without cause: location {location} was delivered";
    }

    /// <summary>What a stopped writer has reserved keeps its sub-buffer from being delivered, lap after lap.</summary>
    public override bool MayBeUnreadable(ulong position, bool stopped) => stopped;

    /// <summary>End fields are written again by who leaves or delivers the sub-buffer.</summary>
    private static bool IsEndField(int offset, int length) =>
        (offset >= PacketHeader.EndOffset && offset + length <= PacketHeader.EndOffset + sizeof(PacketEnd))
        || (offset >= PacketHeader.EventsDiscardedOffset
            && offset + length <= PacketHeader.EventsDiscardedOffset + sizeof(ulong));

    private string? MarkWritten(int page, int offset, int length)
    {
        bool isEnd = IsEndField(offset, length);
        int first = (page << Geometry.SubBufferShift) + offset;
        for (int bit = first; bit < first + length; bit++)
        {
            ref ulong word = ref _written[bit >> 6];
            ulong mask = 1ul << (bit & 63);
            if ((word & mask) != 0 && !isEnd && !IsEndField(offset + bit - first, 1))
            {
                return $"I3: byte {offset + bit - first} of page set {page} is written twice in a lap";
            }

            word |= mask;
        }

        return null;
    }

    private void ClearWritten(int page)
    {
        int words = (int)(Geometry.SubBufferSize >> 6);
        Array.Clear(_written, page * words, words);
    }

    private string? CheckWritten(int page, int content)
    {
        int words = (int)(Geometry.SubBufferSize >> 6);
        int count = 0;
        for (int i = 0; i < words; i++)
        {
            count += BitOperations.PopCount(_written[(page * words) + i]);
        }

        return count == content ? null : $"I3: a packet of {content} bytes is delivered with {count} written";
    }
}
