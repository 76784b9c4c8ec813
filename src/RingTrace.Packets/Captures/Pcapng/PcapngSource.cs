namespace RingTrace.Packets.Captures.Pcapng;

/// <summary>How far a source is for who writes pcapng: its section, and the numbers that its interfaces have in the new file.</summary>
internal sealed class PcapngSource
{
    private readonly Dictionary<(int Index, LinkType Link), int> _numbers = [];
    private (int Index, LinkType Link, int Number) _last = (-1, default, 0);
    private int _section = -1;
    private int _interfaces;

    /// <summary>The first of its interfaces that is not in the file: those of a source without descriptions are taken in their order.</summary>
    public int Described { get; private set; }

    /// <summary>The byte order of the section.</summary>
    public ByteOrder Order { get; private set; }

    public void EnterSection(ByteOrder order)
    {
        _section++;
        Order = order;
    }

    /// <summary>The index of the interface that is described next.</summary>
    public int NextInterface() => _interfaces++;

    /// <summary>An interface by its number in the section; -1 when there is none.</summary>
    public int IndexOf(CaptureReader source, uint number)
    {
        for (int i = 0; i < _interfaces; i++)
        {
            if (source.Interfaces[i].Section == _section && number-- == 0)
            {
                return i;
            }
        }

        return -1;
    }

    public bool TryGetNumber(int index, LinkType link, out int number)
    {
        number = _last.Number;
        if (_last.Index == index && _last.Link == link)
        {
            return true;
        }

        bool known = _numbers.TryGetValue((index, link), out number);
        _last = known ? (index, link, number) : _last;
        return known;
    }

    public void SetNumber(int index, LinkType link, int number)
    {
        _numbers.Add((index, link), number);
        Described = Math.Max(Described, index + 1);
    }
}
