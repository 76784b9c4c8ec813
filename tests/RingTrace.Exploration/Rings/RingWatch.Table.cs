using System.Numerics;
using RingTrace.Buffers;

namespace RingTrace.Exploration;

/// <content>The table and the pages: who may write where.</content>
internal sealed unsafe partial class RingWatch
{
    /// <summary>What is wrong with bytes that a thread is about to write, or null.</summary>
    public string? CheckBytes(int thread, byte* target, int length)
    {
        long at = target - ring.Memory.Pages;
        if (at < 0 || at >= _geometry.DataLength)
        {
            return null;
        }

        int page = (int)(at >> _geometry.SubBufferShift);
        int offset = (int)at & (int)(_geometry.SubBufferSize - 1);
        for (int i = 0; i < _geometry.Count; i++)
        {
            SubBufferId id = ring.IdAt(i);
            if (id.Page != page)
            {
                continue;
            }

            return id.IsNoref ? $"page set {page} is written while location {i} shows NOREF"
                : !isWriter(thread) ? "a reader writes into a packet"
                : CheckOwner(thread, ring.LatestAt(i), offset, length) ?? MarkWritten(page, offset, length);
        }

        return $"page set {page} is written while a reader has it";
    }

    private string? CheckOwner(int thread, ulong begin, int offset, int length)
    {
        if (IsEndField(offset, length))
        {
            return null;
        }

        ulong from = begin + (ulong)offset;
        return Reservations.TryLastOf(thread, out Reservation own)
            && (long)(from - own.From) >= 0 && (long)(own.To - (from + (ulong)length)) >= 0
            ? null : $"bytes {from:x}+{length} are written by thread {thread} that has not reserved them";
    }

    /// <summary>End fields are written again by who leaves or delivers the sub-buffer.</summary>
    private static bool IsEndField(int offset, int length) =>
        (offset >= PacketHeader.EndOffset && offset + length <= PacketHeader.EndOffset + sizeof(PacketEnd))
        || (offset >= PacketHeader.EventsDiscardedOffset
            && offset + length <= PacketHeader.EventsDiscardedOffset + sizeof(ulong));

    private string? MarkWritten(int page, int offset, int length)
    {
        bool isEnd = IsEndField(offset, length);
        int first = (page << _geometry.SubBufferShift) + offset;
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

    private string? CheckId(int thread, int location, SubBufferId before, SubBufferId after)
    {
        ulong begin = ring.LatestAt(location);
        string change = $"{Text(before)} -> {Text(after)} at location {location}, begin {begin:x}";
        if (before.IsNoref && !after.IsNoref && before.Page == after.Page)
        {
            bool isNext = after.Lap == ring.TagOf(begin) && before.Lap == ring.TagOf(begin - _geometry.RingSize);
            bool isPushed = !ring.IsOverwrite
                || (long)(ring.R - (begin - _geometry.RingSize + _geometry.SubBufferSize)) >= 0;
            ClearWritten(after.Page);
            return !isNext ? $"I5: entered the wrong lap: {change}"
                : !isPushed ? $"I4: entered before R was pushed: {change}" : null;
        }

        if (!before.IsNoref && after.IsNoref && before.Page == after.Page && before.Lap == after.Lap)
        {
            ulong whole = (_geometry.CounterAtBegin(begin) + _geometry.SubBufferSize) & _geometry.CounterMask;
            bool isWhole = (ring.Memory.Locations[location].Committed & _geometry.CounterMask) == whole;
            return !isWhole || after.Lap != ring.TagOf(begin) ? $"I5: delivered before it is whole: {change}"
                : CheckWritten(after.Page, Reservations.ContentOf(begin));
        }

        bool isExchange = before.IsNoref && after.IsNoref && before.Lap == after.Lap && before.Page != after.Page;
        return isExchange && !isWriter(thread) ? null : $"no legal change of an id: {change}";
    }

    private string? CheckTable()
    {
        ulong seen = 0;
        for (int i = 0; i < _geometry.Count; i++)
        {
            int page = ring.IdAt(i).Page;
            if (page >= _geometry.PageSets || (seen & (1ul << page)) != 0)
            {
                return $"page set {page} stands at two locations or is none";
            }

            seen |= 1ul << page;
        }

        return null;
    }

    private void ClearWritten(int page)
    {
        int words = (int)(_geometry.SubBufferSize >> 6);
        Array.Clear(_written, page * words, words);
    }

    private string? CheckWritten(int page, int content)
    {
        int words = (int)(_geometry.SubBufferSize >> 6);
        int count = 0;
        for (int i = 0; i < words; i++)
        {
            count += BitOperations.PopCount(_written[(page * words) + i]);
        }

        return count == content ? null : $"I3: a packet of {content} bytes is delivered with {count} written";
    }

    private static string Text(SubBufferId id) => $"{{{id.Lap:x}, {(id.IsNoref ? "noref" : "ref")}, {id.Page}}}";
}
