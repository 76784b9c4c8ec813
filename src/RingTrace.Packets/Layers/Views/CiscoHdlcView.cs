namespace RingTrace.Packets.Layers.Views;

/// <summary>A Cisco HDLC header: address, control and an EtherType, 4 bytes.</summary>
public readonly ref struct CiscoHdlcView
{
    /// <summary>How long the header is.</summary>
    public const int Bytes = 4;

    private readonly ReadOnlySpan<byte> _bytes;

    private CiscoHdlcView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Whether it is for everybody.</summary>
    public bool Broadcast => _bytes[0] == 0x8F;

    /// <summary>What comes next.</summary>
    public int EtherType => _bytes.UInt16At(2);

    /// <summary>What was captured behind the header.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[Bytes..];

    /// <summary>Looks at a header.</summary>
    /// <param name="bytes">From the header on, as far as was captured.</param>
    /// <param name="view">The header.</param>
    /// <returns>False when it is not all there, or its first byte is none of Cisco's.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out CiscoHdlcView view)
    {
        view = new(bytes);
        return bytes.Length >= Bytes && bytes[0] is (0x0F or 0x8F);
    }
}
