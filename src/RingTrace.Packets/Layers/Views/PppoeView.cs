namespace RingTrace.Packets.Layers.Views;

/// <summary>A PPPoE header (RFC 2516): 6 bytes; in a session PPP comes next.</summary>
public readonly ref struct PppoeView
{
    /// <summary>How long the header is.</summary>
    public const int Bytes = 6;

    private readonly ReadOnlySpan<byte> _bytes;

    private PppoeView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>0 in a session; in discovery, the step.</summary>
    public int Code => _bytes[1];

    /// <summary>The session's number.</summary>
    public int Session => _bytes.UInt16At(2);

    /// <summary>How long the payload was on the wire.</summary>
    public int Length => _bytes.UInt16At(4);

    /// <summary>What was captured of the payload: PPP, or the tags of discovery.</summary>
    public ReadOnlySpan<byte> Payload => _bytes.Between(Bytes, Bytes + Length);

    /// <summary>Looks at a header.</summary>
    /// <param name="bytes">From the header on, as far as was captured.</param>
    /// <param name="view">The header.</param>
    /// <returns>False when it is not all there, or not of version 1 and type 1.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out PppoeView view)
    {
        view = new(bytes);
        return bytes.Length >= Bytes && bytes[0] == 0x11;
    }
}
