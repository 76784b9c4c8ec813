namespace RingTrace.Packets.Layers.Views;

/// <summary>An Ethernet header: 14 bytes.</summary>
public readonly ref struct EthernetView
{
    /// <summary>How long the header is.</summary>
    public const int Bytes = 14;

    private readonly ReadOnlySpan<byte> _bytes;

    private EthernetView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The receiver: 6 bytes.</summary>
    public ReadOnlySpan<byte> Destination => _bytes[..6];

    /// <summary>The sender: 6 bytes.</summary>
    public ReadOnlySpan<byte> Source => _bytes.Slice(6, 6);

    /// <summary>What comes next; below <see cref="EtherTypes.Least"/> the length of an 802.3 frame.</summary>
    public int EtherType => _bytes.UInt16At(12);

    /// <summary>What was captured behind the header, with the frame's padding and check sequence.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[Bytes..];

    /// <summary>Looks at a header.</summary>
    /// <param name="bytes">From the header on, as far as was captured.</param>
    /// <param name="view">The header.</param>
    /// <returns>False when it is not all there.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out EthernetView view)
    {
        view = new(bytes);
        return bytes.Length >= Bytes;
    }
}
