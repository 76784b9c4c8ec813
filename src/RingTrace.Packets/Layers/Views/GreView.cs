namespace RingTrace.Packets.Layers.Views;

/// <summary>A GRE header (RFC 2784 and 2890; version 1 of RFC 2637): 4 to 16 bytes.</summary>
public readonly ref struct GreView
{
    private const int LeastBytes = 4;
    private const int HasChecksum = 0x80;
    private const int HasRouting = 0x40;
    private const int HasKey = 0x20;
    private const int HasSequence = 0x10;
    private const int HasAcknowledgment = 0x80;

    private readonly ReadOnlySpan<byte> _bytes;

    private GreView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>0, or 1 in PPTP.</summary>
    public int Version => _bytes[1] & 7;

    /// <summary>What comes next, an EtherType; 0x880B is PPP.</summary>
    public int EtherType => _bytes.UInt16At(2);

    /// <summary>The key, -1 when there is none.</summary>
    public long Key => (_bytes[0] & HasKey) != 0 ? _bytes.UInt32At(KeyOffset) : -1;

    /// <summary>The sequence number, -1 when there is none.</summary>
    public long SequenceNumber => (_bytes[0] & HasSequence) != 0 ? _bytes.UInt32At(SequenceOffset) : -1;

    /// <summary>How long the header is.</summary>
    public int HeaderLength =>
        SequenceOffset + ((_bytes[0] & HasSequence) != 0 ? 4 : 0) + (Version == 1 && (_bytes[1] & HasAcknowledgment) != 0 ? 4 : 0);

    /// <summary>What was captured behind the header.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderLength..];

    private int KeyOffset => (_bytes[0] & HasChecksum) != 0 ? LeastBytes + 4 : LeastBytes;

    private int SequenceOffset => KeyOffset + ((_bytes[0] & HasKey) != 0 ? 4 : 0);

    /// <summary>Looks at a header.</summary>
    /// <param name="bytes">From the header to the end of the IP packet, as far as was captured.</param>
    /// <param name="view">The header.</param>
    /// <returns>False when it is not all there, or has the source routes that nobody sends any more.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out GreView view)
    {
        view = new(bytes);
        return bytes.Length >= LeastBytes && (bytes[0] & HasRouting) == 0 && view.Version <= 1 && view.HeaderLength <= bytes.Length;
    }
}
