namespace RingTrace.Formats;

/// <summary>
/// Where in a file which times stand: groups of packets in a row, at most <see cref="MostGroups"/> of them whatever
/// the file's size. When there are too many, neighbours become one.
/// </summary>
internal sealed class PacketIndex
{
    private const int MostGroups = 1024;

    private readonly List<Group> _groups = [];
    private int _packetsPerGroup = 1;
    private int _packetsInLast;

    /// <summary>The next packet. One that does not say its times may hold any.</summary>
    public void Add(in PacketHeader packet)
    {
        (ulong first, ulong last) = packet is { Begin: { } begin, End: { } end } && begin <= end
            ? (begin, end) : (0, ulong.MaxValue);
        if (_groups.Count > 0 && _packetsInLast < _packetsPerGroup)
        {
            _groups[^1] = _groups[^1].With(first, last);
            _packetsInLast++;
            return;
        }

        if (_groups.Count == MostGroups)
        {
            Halve();
        }

        _groups.Add(new Group(packet.FileOffset, first, last));
        _packetsInLast = 1;
    }

    /// <summary>Where to read on for a window of time.</summary>
    /// <param name="offset">Where the next packet starts that was not looked at.</param>
    /// <param name="length">The file's.</param>
    /// <param name="query">The window.</param>
    /// <param name="clock">The clock of the packets' times.</param>
    /// <returns>The offset itself, a later packet's, or the file's length when there is nothing more.</returns>
    public long Next(long offset, long length, TraceQuery query, ClockInfo clock)
    {
        for (int i = GroupOf(offset); i < _groups.Count; i++)
        {
            if (query.Wants(clock, _groups[i].First, _groups[i].Last))
            {
                return Math.Max(offset, _groups[i].Offset);
            }
        }

        return length;
    }

    private int GroupOf(long offset)
    {
        (int low, int high) = (0, _groups.Count);
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = _groups[middle].Offset <= offset ? (middle, high) : (low, middle);
        }

        return low;
    }

    private void Halve()
    {
        for (int i = 0; i < MostGroups / 2; i++)
        {
            Group second = _groups[2 * i + 1];
            _groups[i] = _groups[2 * i].With(second.First, second.Last);
        }

        _groups.RemoveRange(MostGroups / 2, MostGroups / 2);
        _packetsPerGroup *= 2;
    }

    private readonly record struct Group(long Offset, ulong First, ulong Last)
    {
        public Group With(ulong first, ulong last) => this with { First = Math.Min(First, first), Last = Math.Max(Last, last) };
    }
}
