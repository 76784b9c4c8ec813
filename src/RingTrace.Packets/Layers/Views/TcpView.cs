namespace RingTrace.Packets.Layers.Views;

/// <summary>A TCP header (RFC 9293): 20 bytes and options.</summary>
public readonly ref struct TcpView
{
    /// <summary>How long the header is without options.</summary>
    public const int LeastBytes = 20;

    private readonly ReadOnlySpan<byte> _bytes;

    private TcpView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The sender's port.</summary>
    public int SourcePort => _bytes.UInt16At(0);

    /// <summary>The receiver's port.</summary>
    public int DestinationPort => _bytes.UInt16At(2);

    /// <summary>The number of the first byte of the payload.</summary>
    public uint SequenceNumber => _bytes.UInt32At(4);

    /// <summary>The number of the byte that is expected next.</summary>
    public uint AcknowledgmentNumber => _bytes.UInt32At(8);

    /// <summary>How long the header is: 20 to 60 bytes. Its options may not all have been captured.</summary>
    public int HeaderLength => (_bytes[12] >> 4) * 4;

    /// <summary>FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32, ECE 64, CWR 128.</summary>
    public int Flags => _bytes[13];

    /// <summary>The window, before scaling.</summary>
    public int Window => _bytes.UInt16At(14);

    /// <summary>The checksum as it stands there.</summary>
    public int Checksum => _bytes.UInt16At(16);

    /// <summary>How far the urgent data goes.</summary>
    public int UrgentPointer => _bytes.UInt16At(18);

    /// <summary>The options, as far as they were captured.</summary>
    public PacketOptions Options => new(_bytes.Between(LeastBytes, HeaderLength));

    /// <summary>What was captured behind the header.</summary>
    public ReadOnlySpan<byte> Payload => _bytes.From(HeaderLength);

    /// <summary>Looks at a header.</summary>
    /// <param name="bytes">From the header to the end of the IP packet, as far as was captured.</param>
    /// <param name="view">The header.</param>
    /// <returns>False when its 20 bytes are not all there, or it says that it is shorter.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out TcpView view)
    {
        view = new(bytes);
        return bytes.Length >= LeastBytes && view.HeaderLength >= LeastBytes;
    }
}
