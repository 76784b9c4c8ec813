namespace RingTrace.Packets.Layers.Views;

/// <summary>A VXLAN header (RFC 7348): 8 bytes; Ethernet comes next.</summary>
public readonly ref struct VxlanView
{
    /// <summary>How long the header is.</summary>
    public const int Bytes = 8;

    private const int HasNetwork = 0x08;

    private readonly ReadOnlySpan<byte> _bytes;

    private VxlanView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The number of the network, 0 to 16777215.</summary>
    public int Network => _bytes.UInt24At(4);

    /// <summary>What was captured behind the header.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[Bytes..];

    /// <summary>Looks at a header.</summary>
    /// <param name="bytes">The payload of UDP, as far as was captured.</param>
    /// <param name="view">The header.</param>
    /// <returns>False when it is not all there, or names no network.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out VxlanView view)
    {
        view = new(bytes);
        return bytes.Length >= Bytes && (bytes[0] & HasNetwork) != 0;
    }
}
