namespace RingTrace.Packets.Layers.Views;

/// <summary>An LLC header with SNAP behind it (RFC 1042): 8 bytes that end in an EtherType.</summary>
public readonly ref struct LlcView
{
    /// <summary>How long both are.</summary>
    public const int Bytes = 8;

    private readonly ReadOnlySpan<byte> _bytes;

    private LlcView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Who gave out the type: 0 says that it is an EtherType, 0x0000F8 too.</summary>
    public int Organisation => _bytes.UInt24At(3);

    /// <summary>What comes next, -1 when the type is somebody's own.</summary>
    public int EtherType => Organisation is 0 or 0xF8 ? _bytes.UInt16At(6) : -1;

    /// <summary>What was captured behind the header.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[Bytes..];

    /// <summary>Looks at a header.</summary>
    /// <param name="bytes">From the header on, as far as was captured.</param>
    /// <param name="view">The header.</param>
    /// <returns>False when it is not all there, or not SNAP.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out LlcView view)
    {
        view = new(bytes);
        return bytes.Length >= Bytes && bytes.UInt24At(0) == 0xAAAA03;
    }
}
