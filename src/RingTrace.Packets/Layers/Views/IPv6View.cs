namespace RingTrace.Packets.Layers.Views;

/// <summary>An IPv6 header (RFC 8200): 40 bytes; extension headers come behind it.</summary>
public readonly ref struct IPv6View
{
    /// <summary>How long the header is.</summary>
    public const int Bytes = 40;

    private readonly ReadOnlySpan<byte> _bytes;

    internal IPv6View(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The traffic class, 0 to 255.</summary>
    public int TrafficClass => (_bytes.UInt16At(0) >> 4) & 0xFF;

    /// <summary>The flow label, 0 to 1048575.</summary>
    public int FlowLabel => _bytes.UInt24At(1) & 0xFFFFF;

    /// <summary>How much came behind the header on the wire; 0 in a jumbogram, or when the sending card was to cut it into segments.</summary>
    public int PayloadLength => _bytes.UInt16At(4);

    /// <summary>What comes next: an extension header or the protocol over IP.</summary>
    public int NextHeader => _bytes[6];

    /// <summary>The hops that are left.</summary>
    public int HopLimit => _bytes[7];

    /// <summary>The sender.</summary>
    public PacketAddress Source => PacketAddress.FromIPv6(_bytes[8..]);

    /// <summary>The receiver.</summary>
    public PacketAddress Destination => PacketAddress.FromIPv6(_bytes[24..]);

    /// <summary>The extension headers, for <c>foreach</c>; behind the last one stands <see cref="IPv6Extensions.Protocol"/>.</summary>
    public IPv6Extensions Extensions => new(Payload, NextHeader);

    /// <summary>What was captured behind the header, extension headers first, without the link layer's padding.</summary>
    public ReadOnlySpan<byte> Payload => _bytes.Between(Bytes, PayloadLength == 0 ? _bytes.Length : Bytes + PayloadLength);

    /// <summary>Whether what the constructor was given is such a header: to be asked before everything else.</summary>
    internal bool IsWhole => _bytes.Length >= Bytes && _bytes[0] >> 4 == 6;

    /// <summary>Looks at a header.</summary>
    /// <param name="bytes">From the header on, as far as was captured.</param>
    /// <param name="view">The header.</param>
    /// <returns>False when it is not all there, or not of version 6.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out IPv6View view)
    {
        view = new(bytes);
        return view.IsWhole;
    }
}
