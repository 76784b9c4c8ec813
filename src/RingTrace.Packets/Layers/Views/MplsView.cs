namespace RingTrace.Packets.Layers.Views;

/// <summary>An entry of an MPLS label stack (RFC 3032): 4 bytes.</summary>
public readonly ref struct MplsView
{
    /// <summary>How long an entry is.</summary>
    public const int Bytes = 4;

    private readonly ReadOnlySpan<byte> _bytes;

    private MplsView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The label, 0 to 1048575.</summary>
    public int Label => (int)(_bytes.UInt32At(0) >> 12);

    /// <summary>The traffic class, 0 to 7.</summary>
    public int TrafficClass => (_bytes[2] >> 1) & 7;

    /// <summary>Whether this is the last entry of the stack.</summary>
    public bool BottomOfStack => (_bytes[2] & 1) != 0;

    /// <summary>The hops that are left.</summary>
    public int TimeToLive => _bytes[3];

    /// <summary>What was captured behind the entry: another one, unless this is the last.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[Bytes..];

    /// <summary>Looks at an entry.</summary>
    /// <param name="bytes">From the entry on, as far as was captured.</param>
    /// <param name="view">The entry.</param>
    /// <returns>False when it is not all there.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out MplsView view)
    {
        view = new(bytes);
        return bytes.Length >= Bytes;
    }
}
