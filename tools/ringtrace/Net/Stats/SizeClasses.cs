namespace RingTrace.Tool.Net.Stats;

/// <summary>How many packets there are of each class of lengths on the wire.</summary>
internal sealed class SizeClasses
{
    /// <summary>The longest of each class but the last. Ethernet's longest without a frame check sequence is 1514, with one and a tag 1522.</summary>
    private static readonly uint[] Longest = [63, 127, 255, 511, 1023, 1522, 9216, uint.MaxValue];

    private readonly long[] _packets = new long[Longest.Length];

    /// <summary>Each class that is not empty: from the shortest to the longest.</summary>
    public IEnumerable<SizeClass> All => _packets.Index().Where(size => size.Item > 0)
        .Select(size => new SizeClass(size.Index == 0 ? 0 : Longest[size.Index - 1] + 1, Longest[size.Index], size.Item));

    public void Add(uint length)
    {
        int size = 0;
        while (length > Longest[size])
        {
            size++;
        }

        _packets[size]++;
    }

    public void Add(SizeClasses part)
    {
        foreach ((int size, long packets) in part._packets.Index())
        {
            _packets[size] += packets;
        }
    }
}

/// <param name="From">The shortest.</param>
/// <param name="To">The longest.</param>
/// <param name="Packets">How many.</param>
internal sealed record SizeClass(uint From, uint To, long Packets);
