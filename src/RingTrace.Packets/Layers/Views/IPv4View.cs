namespace RingTrace.Packets.Layers.Views;

/// <summary>An IPv4 header (RFC 791): 20 bytes and options.</summary>
public readonly ref struct IPv4View
{
    /// <summary>How long the header is without options.</summary>
    public const int LeastBytes = 20;

    private readonly ReadOnlySpan<byte> _bytes;

    internal IPv4View(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>How long the header is: 20 to 60 bytes. Its options may not all have been captured.</summary>
    public int HeaderLength => (_bytes[0] & 0xF) * 4;

    /// <summary>The differentiated services field, 0 to 63.</summary>
    public int DifferentiatedServices => _bytes[1] >> 2;

    /// <summary>Explicit congestion notification, 0 to 3.</summary>
    public int CongestionNotification => _bytes[1] & 3;

    /// <summary>How long the packet was on the wire, header and all; 0 when the sending card was to cut it into segments.</summary>
    public int TotalLength => _bytes.UInt16At(2);

    /// <summary>The number that a datagram's fragments have in common.</summary>
    public int Identification => _bytes.UInt16At(4);

    /// <summary>Whether it must not be cut into fragments.</summary>
    public bool DontFragment => (_bytes[6] & 0x40) != 0;

    /// <summary>Whether other fragments come behind this one.</summary>
    public bool MoreFragments => (_bytes[6] & 0x20) != 0;

    /// <summary>Where in its datagram the packet belongs, in bytes.</summary>
    public int FragmentOffset => (_bytes.UInt16At(6) & 0x1FFF) * 8;

    /// <summary>The hops that are left.</summary>
    public int TimeToLive => _bytes[8];

    /// <summary>What comes next.</summary>
    public int Protocol => _bytes[9];

    /// <summary>The header's checksum as it stands there.</summary>
    public int Checksum => _bytes.UInt16At(10);

    /// <summary>The sender.</summary>
    public PacketAddress Source => PacketAddress.FromIPv4(_bytes[12..]);

    /// <summary>The receiver.</summary>
    public PacketAddress Destination => PacketAddress.FromIPv4(_bytes[16..]);

    /// <summary>The options, as far as they were captured.</summary>
    public PacketOptions Options => new(_bytes.Between(LeastBytes, HeaderLength));

    /// <summary>What was captured behind the header, without the link layer's padding.</summary>
    public ReadOnlySpan<byte> Payload => _bytes.Between(HeaderLength, TotalLength == 0 ? _bytes.Length : TotalLength);

    /// <summary>Whether what the constructor was given is such a header: to be asked before everything else.</summary>
    internal bool IsWhole => _bytes.Length >= LeastBytes && (uint)(_bytes[0] - 0x45) <= 10;

    /// <summary>Looks at a header.</summary>
    /// <param name="bytes">From the header on, as far as was captured.</param>
    /// <param name="view">The header.</param>
    /// <returns>False when its 20 bytes are not all there, it is not of version 4 or says that it is shorter.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out IPv4View view)
    {
        view = new(bytes);
        return view.IsWhole;
    }
}
