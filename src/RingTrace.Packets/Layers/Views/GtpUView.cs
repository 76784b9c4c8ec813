namespace RingTrace.Packets.Layers.Views;

/// <summary>A GTP-U header (3GPP TS 29.281): 8 bytes, 4 more when any of its optional fields is there, and extension headers.</summary>
public readonly ref struct GtpUView
{
    private const int LeastBytes = 8;
    private const int OptionalBytes = 4;
    private const int MostExtensions = 16;
    private const int HasExtension = 0x04;
    private const int HasAny = 0x07;
    private const int UserPacket = 255;

    private readonly ReadOnlySpan<byte> _bytes;

    private GtpUView(ReadOnlySpan<byte> bytes, int headerLength)
    {
        _bytes = bytes;
        HeaderLength = headerLength;
    }

    /// <summary>What the message is; 255 carries a user's packet.</summary>
    public int MessageType => _bytes[1];

    /// <summary>Whether a user's packet comes next.</summary>
    public bool IsUserPacket => MessageType == UserPacket;

    /// <summary>How much came behind the first 8 bytes on the wire.</summary>
    public int Length => _bytes.UInt16At(2);

    /// <summary>The number of the tunnel's end.</summary>
    public uint TunnelEndpoint => _bytes.UInt32At(4);

    /// <summary>How long the header is, extension headers and all.</summary>
    public int HeaderLength { get; }

    /// <summary>What was captured behind the header.</summary>
    public ReadOnlySpan<byte> Payload => _bytes.Between(HeaderLength, LeastBytes + Length);

    /// <summary>Looks at a header.</summary>
    /// <param name="bytes">The payload of UDP, as far as was captured.</param>
    /// <param name="view">The header.</param>
    /// <returns>False when it is not all there, or not of version 1.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out GtpUView view)
    {
        view = default;
        if (bytes.Length < LeastBytes || bytes[0] >> 4 != 3)
        {
            return false;
        }

        int length = LeastBytes + ((bytes[0] & HasAny) != 0 ? OptionalBytes : 0);
        if ((bytes[0] & HasExtension) != 0 && !TrySkipExtensions(bytes, ref length))
        {
            return false;
        }

        view = new(bytes, length);
        return length <= bytes.Length;
    }

    /// <summary>Each header begins with its length in words and ends in the next one's type; 0 is none.</summary>
    private static bool TrySkipExtensions(ReadOnlySpan<byte> bytes, ref int length)
    {
        for (int headers = 0; headers < MostExtensions && length <= bytes.Length; headers++)
        {
            if (bytes[length - 1] == 0)
            {
                return true;
            }

            if (length == bytes.Length || bytes[length] == 0)
            {
                return false;
            }

            length += bytes[length] * 4;
        }

        return false;
    }
}
