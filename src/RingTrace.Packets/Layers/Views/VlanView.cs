namespace RingTrace.Packets.Layers.Views;

/// <summary>The four bytes behind a VLAN's EtherType (802.1Q, 802.1ad): the tag, and the type of what comes next.</summary>
public readonly ref struct VlanView
{
    /// <summary>How long tag and type are.</summary>
    public const int Bytes = 4;

    private readonly ReadOnlySpan<byte> _bytes;

    private VlanView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The VLAN's number, 0 to 4095; 0 is priority alone.</summary>
    public int Id => _bytes.UInt16At(0) & 0xFFF;

    /// <summary>The priority, 0 to 7.</summary>
    public int Priority => _bytes[0] >> 5;

    /// <summary>Whether the frame may be dropped first.</summary>
    public bool DropEligible => (_bytes[0] & 0x10) != 0;

    /// <summary>What comes next; another tag in QinQ.</summary>
    public int EtherType => _bytes.UInt16At(2);

    /// <summary>What was captured behind the tag.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[Bytes..];

    /// <summary>Looks at a tag.</summary>
    /// <param name="bytes">From behind the EtherType on, as far as was captured.</param>
    /// <param name="view">The tag.</param>
    /// <returns>False when it is not all there.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out VlanView view)
    {
        view = new(bytes);
        return bytes.Length >= Bytes;
    }
}
