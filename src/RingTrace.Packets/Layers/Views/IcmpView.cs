namespace RingTrace.Packets.Layers.Views;

/// <summary>The head of an ICMP or ICMPv6 message (RFC 792, RFC 4443): 8 bytes.</summary>
public readonly ref struct IcmpView
{
    /// <summary>How long the head is.</summary>
    public const int Bytes = 8;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _version;

    private IcmpView(ReadOnlySpan<byte> bytes, int version)
    {
        _bytes = bytes;
        _version = version;
    }

    /// <summary>What the message is.</summary>
    public int Type => _bytes[0];

    /// <summary>Which of its kind.</summary>
    public int Code => _bytes[1];

    /// <summary>The checksum as it stands there.</summary>
    public int Checksum => _bytes.UInt16At(2);

    /// <summary>Of an echo: whose it is.</summary>
    public int Identifier => _bytes.UInt16At(4);

    /// <summary>Of an echo: the how manieth.</summary>
    public int SequenceNumber => _bytes.UInt16At(6);

    /// <summary>Whether the message is about a packet that it shows the beginning of.</summary>
    public bool IsError => _version == 6 ? Type is >= 1 and <= 4 : Type is 3 or 4 or 5 or 11 or 12;

    /// <summary>What was captured behind the head.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[Bytes..];

    /// <summary>Looks at a message of ICMP.</summary>
    /// <param name="bytes">From its first byte to the end of the IP packet, as far as was captured.</param>
    /// <param name="view">The message.</param>
    /// <returns>False when its head is not all there.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out IcmpView view)
    {
        view = new(bytes, 4);
        return bytes.Length >= Bytes;
    }

    /// <summary>Looks at a message of ICMPv6.</summary>
    /// <param name="bytes">From its first byte to the end of the IP packet, as far as was captured.</param>
    /// <param name="view">The message.</param>
    /// <returns>False when its head is not all there.</returns>
    public static bool TryRead6(ReadOnlySpan<byte> bytes, out IcmpView view)
    {
        view = new(bytes, 6);
        return bytes.Length >= Bytes;
    }

    /// <summary>Walks the packet that an error is about.</summary>
    /// <param name="inner">Where its layers lie: offsets into <see cref="Payload"/>.</param>
    /// <returns>False when the message is no error, or shows too little of an IP packet.</returns>
    public bool TryReadInner(out Dissection inner)
    {
        inner = IsError ? Dissection.Of(Payload, _version == 6 ? LinkType.IPv6 : LinkType.IPv4) : new();
        return inner.IPVersion != 0;
    }
}
