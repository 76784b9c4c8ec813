using RingTrace.Buffers;

namespace RingTrace.Exploration;

/// <content>The table and the pages: who may write where.</content>
internal sealed unsafe partial class RingWatch
{
    /// <summary>What is wrong with bytes that a thread is about to write, or null.</summary>
    public string? CheckBytes(int thread, byte* target, int length)
    {
        long at = target - _ring.Memory.Pages;
        if (at < 0 || at >= _geometry.DataLength)
        {
            return null;
        }

        int page = (int)(at >> _geometry.SubBufferShift);
        int offset = (int)at & (int)(_geometry.SubBufferSize - 1);
        for (int i = 0; i < _geometry.Count; i++)
        {
            SubBufferId id = _ring.IdAt(i);
            if (id.Page != page)
            {
                continue;
            }

            return id.IsNoref ? $"page set {page} is written while location {i} shows NOREF"
                : !IsWriter(thread) ? "a reader writes into a packet"
                : Rules.CheckBytes(thread, i, offset, length);
        }

        return $"page set {page} is written while a reader has it";
    }

    private string? CheckId(LogicalThread thread, int location, SubBufferId before, SubBufferId after)
    {
        if (before == after)
        {
            // Whoever stores what stands there already has harmed nobody yet.
            return null;
        }

        string change = $"{Text(before)} -> {Text(after)} at location {location}, W {_ring.W:x}";
        if (before.IsNoref && !after.IsNoref && before.Page == after.Page)
        {
            return !IsWriter(thread.Index) ? $"entered by a reader: {change}"
                : Rules.CheckEnter(thread, location, before, after, change);
        }

        if (!before.IsNoref && after.IsNoref && before.Page == after.Page && before.Lap == after.Lap)
        {
            return Rules.CheckDelivery(thread, location, after, change);
        }

        bool isExchange = before.IsNoref && after.IsNoref && before.Lap == after.Lap && before.Page != after.Page;
        return isExchange && !IsWriter(thread.Index) ? null : $"no legal change of an id: {change}";
    }

    private string? CheckTable()
    {
        ulong seen = 0;
        for (int i = 0; i < _geometry.Count; i++)
        {
            int page = _ring.IdAt(i).Page;
            if (page >= _geometry.PageSets || (seen & (1ul << page)) != 0)
            {
                return $"page set {page} stands at two locations or is none";
            }

            seen |= 1ul << page;
        }

        return null;
    }

    private static string Text(SubBufferId id) => $"{{{id.Lap:x}, {(id.IsNoref ? "noref" : "ref")}, {id.Page}}}";
}
