namespace RingTrace.Packets.Layers.Views;

/// <summary>An SCTP header (RFC 9260): 12 bytes; chunks come behind it.</summary>
public readonly ref struct SctpView
{
    /// <summary>How long the header is.</summary>
    public const int Bytes = 12;

    private readonly ReadOnlySpan<byte> _bytes;

    private SctpView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The sender's port.</summary>
    public int SourcePort => _bytes.UInt16At(0);

    /// <summary>The receiver's port.</summary>
    public int DestinationPort => _bytes.UInt16At(2);

    /// <summary>Whose packet it says it is.</summary>
    public uint VerificationTag => _bytes.UInt32At(4);

    /// <summary>The CRC-32C, as the four bytes read in network byte order.</summary>
    public uint Checksum => _bytes.UInt32At(8);

    /// <summary>The chunks, for <c>foreach</c>.</summary>
    public SctpChunks Chunks => new(_bytes[Bytes..]);

    /// <summary>What was captured behind the header.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[Bytes..];

    /// <summary>Looks at a header.</summary>
    /// <param name="bytes">From the header to the end of the IP packet, as far as was captured.</param>
    /// <param name="view">The header.</param>
    /// <returns>False when it is not all there.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out SctpView view)
    {
        view = new(bytes);
        return bytes.Length >= Bytes;
    }
}
