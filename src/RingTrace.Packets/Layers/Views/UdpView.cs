namespace RingTrace.Packets.Layers.Views;

/// <summary>A UDP header (RFC 768): 8 bytes. UDP-Lite's is the same, its length being how much the checksum covers.</summary>
public readonly ref struct UdpView
{
    /// <summary>How long the header is.</summary>
    public const int Bytes = 8;

    private readonly ReadOnlySpan<byte> _bytes;

    private UdpView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The sender's port.</summary>
    public int SourcePort => _bytes.UInt16At(0);

    /// <summary>The receiver's port.</summary>
    public int DestinationPort => _bytes.UInt16At(2);

    /// <summary>How long header and payload were on the wire; 0 in a jumbogram.</summary>
    public int Length => _bytes.UInt16At(4);

    /// <summary>The checksum as it stands there; 0 is none.</summary>
    public int Checksum => _bytes.UInt16At(6);

    /// <summary>What was captured of the payload.</summary>
    public ReadOnlySpan<byte> Payload => _bytes.Between(Bytes, Length < Bytes ? _bytes.Length : Length);

    /// <summary>Looks at a header.</summary>
    /// <param name="bytes">From the header to the end of the IP packet, as far as was captured.</param>
    /// <param name="view">The header.</param>
    /// <returns>False when it is not all there.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out UdpView view)
    {
        view = new(bytes);
        return bytes.Length >= Bytes;
    }
}
