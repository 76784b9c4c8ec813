namespace RingTrace.Packets.Layers.Views;

/// <summary>The header of an 802.11 frame.</summary>
public readonly ref struct Ieee80211View
{
    private const int LeastBytes = 10;
    private const int ManagementBytes = 24;

    private readonly ReadOnlySpan<byte> _bytes;

    private Ieee80211View(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>0 management, 1 control, 2 data.</summary>
    public int Type => (_bytes[0] >> 2) & 3;

    /// <summary>The kind of frame within its type, 0 to 15.</summary>
    public int Subtype => _bytes[0] >> 4;

    /// <summary>Whether the frame goes to the wired side.</summary>
    public bool ToDistribution => (_bytes[1] & 1) != 0;

    /// <summary>Whether the frame comes from the wired side.</summary>
    public bool FromDistribution => (_bytes[1] & 2) != 0;

    /// <summary>Whether the payload is encrypted.</summary>
    public bool Protected => (_bytes[1] & 0x40) != 0;

    /// <summary>Whether it is a data frame with data in it.</summary>
    public bool HasData => Type == 2 && (Subtype & 4) == 0;

    /// <summary>Whether a data frame has the quality of service field.</summary>
    public bool HasQuality => Type == 2 && (Subtype & 8) != 0;

    /// <summary>Whether the payload is several packets, each behind a header of 14 bytes.</summary>
    public bool Aggregated => HasQuality && HeaderLength <= _bytes.Length && (_bytes[QualityOffset] & 0x80) != 0;

    /// <summary>The receiver on the air: 6 bytes.</summary>
    public ReadOnlySpan<byte> Receiver => _bytes.Slice(4, 6);

    /// <summary>The sender on the air: 6 bytes; empty in frames without one, and when it was not captured.</summary>
    public ReadOnlySpan<byte> Transmitter => HeaderLength >= 16 && _bytes.Length >= 16 ? _bytes.Slice(10, 6) : default;

    /// <summary>How long the header is.</summary>
    public int HeaderLength => Type switch
    {
        0 => ManagementBytes + (HasControlField ? 4 : 0),
        1 => Subtype is 12 or 13 ? LeastBytes : 16,
        2 => QualityOffset + (HasQuality ? 2 : 0) + (HasQuality && HasControlField ? 4 : 0),
        _ => LeastBytes,
    };

    /// <summary>What was captured behind the header.</summary>
    public ReadOnlySpan<byte> Payload => _bytes.From(HeaderLength);

    private bool HasControlField => (_bytes[1] & 0x80) != 0;

    private int QualityOffset => ToDistribution && FromDistribution ? ManagementBytes + 6 : ManagementBytes;

    /// <summary>Looks at a header.</summary>
    /// <param name="bytes">From the header on, as far as was captured.</param>
    /// <param name="view">The header.</param>
    /// <returns>False when its first 10 bytes are not all there, or it is not of version 0.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Ieee80211View view)
    {
        view = new(bytes);
        return bytes.Length >= LeastBytes && (bytes[0] & 3) == 0;
    }
}
