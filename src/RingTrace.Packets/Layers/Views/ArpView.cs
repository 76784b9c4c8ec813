namespace RingTrace.Packets.Layers.Views;

/// <summary>An ARP packet (RFC 826): who has which address.</summary>
public readonly ref struct ArpView
{
    private const int HeaderBytes = 8;

    private readonly ReadOnlySpan<byte> _bytes;

    private ArpView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The kind of hardware addresses; 1 is Ethernet.</summary>
    public int HardwareType => _bytes.UInt16At(0);

    /// <summary>The kind of protocol addresses, an EtherType.</summary>
    public int ProtocolType => _bytes.UInt16At(2);

    /// <summary>1 asks, 2 answers; RARP 3 and 4.</summary>
    public int Operation => _bytes.UInt16At(6);

    /// <summary>The sender's hardware address; like all addresses empty when it was not captured.</summary>
    public ReadOnlySpan<byte> SenderHardware => Field(0, _bytes[4]);

    /// <summary>The sender's protocol address.</summary>
    public ReadOnlySpan<byte> SenderProtocol => Field(_bytes[4], _bytes[5]);

    /// <summary>The hardware address that is asked for or answered to.</summary>
    public ReadOnlySpan<byte> TargetHardware => Field(_bytes[4] + _bytes[5], _bytes[4]);

    /// <summary>The protocol address that is asked for or answered to.</summary>
    public ReadOnlySpan<byte> TargetProtocol => Field((2 * _bytes[4]) + _bytes[5], _bytes[5]);

    /// <summary>Looks at a packet.</summary>
    /// <param name="bytes">From its first byte on, as far as was captured.</param>
    /// <param name="view">The packet.</param>
    /// <returns>False when the 8 bytes before the addresses are not all there.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ArpView view)
    {
        view = new(bytes);
        return bytes.Length >= HeaderBytes;
    }

    private ReadOnlySpan<byte> Field(int start, int length) =>
        HeaderBytes + start + length <= _bytes.Length ? _bytes.Slice(HeaderBytes + start, length) : default;
}
