namespace RingTrace.Packets.Layers.Views;

/// <summary>A Geneve header (RFC 8926): 8 bytes and options.</summary>
public readonly ref struct GeneveView
{
    private const int LeastBytes = 8;

    private readonly ReadOnlySpan<byte> _bytes;

    private GeneveView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>What comes next, an EtherType.</summary>
    public int EtherType => _bytes.UInt16At(2);

    /// <summary>The number of the network, 0 to 16777215.</summary>
    public int Network => _bytes.UInt24At(4);

    /// <summary>How long the header is: 8 to 260 bytes.</summary>
    public int HeaderLength => LeastBytes + ((_bytes[0] & 0x3F) * 4);

    /// <summary>The options as they stand there.</summary>
    public ReadOnlySpan<byte> Options => _bytes[LeastBytes..HeaderLength];

    /// <summary>What was captured behind the header.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderLength..];

    /// <summary>Looks at a header.</summary>
    /// <param name="bytes">The payload of UDP, as far as was captured.</param>
    /// <param name="view">The header.</param>
    /// <returns>False when it is not all there, or not of version 0.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out GeneveView view)
    {
        view = new(bytes);
        return bytes.Length >= LeastBytes && bytes[0] >> 6 == 0 && view.HeaderLength <= bytes.Length;
    }
}
