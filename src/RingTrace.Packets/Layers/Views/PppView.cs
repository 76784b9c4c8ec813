namespace RingTrace.Packets.Layers.Views;

/// <summary>
/// PPP: a protocol number of two bytes, or of one where that was agreed; before it the two bytes of HDLC-like framing
/// (RFC 1662) or not.
/// </summary>
public readonly ref struct PppView
{
    private const int Address = 0xFF;
    private const int Control = 0x03;

    private readonly ReadOnlySpan<byte> _bytes;

    private PppView(ReadOnlySpan<byte> bytes, int protocol, int headerLength)
    {
        _bytes = bytes;
        Protocol = protocol;
        HeaderLength = headerLength;
    }

    /// <summary>The protocol's number in PPP: 0x0021 is IPv4, 0x0057 IPv6.</summary>
    public int Protocol { get; }

    /// <summary>How long framing and protocol number are: 1 to 4 bytes.</summary>
    public int HeaderLength { get; }

    /// <summary>The EtherType that says the same as the protocol's number, -1 when there is none.</summary>
    public int EtherType => Protocol switch
    {
        0x0021 => EtherTypes.IPv4,
        0x0057 => EtherTypes.IPv6,
        0x0281 => EtherTypes.Mpls,
        0x0283 => EtherTypes.MplsMulticast,
        _ => -1,
    };

    /// <summary>What was captured behind the header.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderLength..];

    /// <summary>Looks at a header.</summary>
    /// <param name="bytes">From the header on, as far as was captured.</param>
    /// <param name="view">The header.</param>
    /// <returns>False when it is not all there.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out PppView view)
    {
        int at = bytes.Length >= 2 && bytes[0] == Address && bytes[1] == Control ? 2 : 0;
        if (bytes.Length > at && (bytes[at] & 1) != 0)
        {
            // The first of two bytes is even: an odd one is all there is.
            view = new(bytes, bytes[at], at + 1);
            return true;
        }

        if (bytes.Length < at + 2)
        {
            view = default;
            return false;
        }

        view = new(bytes, bytes.UInt16At(at), at + 2);
        return true;
    }
}
