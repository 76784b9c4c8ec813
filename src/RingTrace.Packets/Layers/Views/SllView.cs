namespace RingTrace.Packets.Layers.Views;

/// <summary>The header of a Linux "cooked" capture: 16 bytes of version 1, 20 of version 2.</summary>
public readonly ref struct SllView
{
    /// <summary>How long the header of version 1 is.</summary>
    public const int Bytes = 16;

    /// <summary>How long the header of version 2 is.</summary>
    public const int Bytes2 = 20;

    private readonly ReadOnlySpan<byte> _bytes;

    private SllView(ReadOnlySpan<byte> bytes, int version)
    {
        _bytes = bytes;
        Version = version;
    }

    /// <summary>1 or 2.</summary>
    public int Version { get; }

    /// <summary>How long the header is.</summary>
    public int HeaderLength => Version == 1 ? Bytes : Bytes2;

    /// <summary>What comes next: an EtherType, or a number of Linux below <see cref="EtherTypes.Least"/>.</summary>
    public int Protocol => _bytes.UInt16At(Version == 1 ? 14 : 0);

    /// <summary>How it came: 0 to us, 1 to everybody, 2 to a group, 3 to somebody else, 4 from us.</summary>
    public int PacketType => Version == 1 ? _bytes.UInt16At(0) : _bytes[10];

    /// <summary>The kind of device, an ARPHRD_ number of Linux.</summary>
    public int DeviceType => _bytes.UInt16At(Version == 1 ? 2 : 8);

    /// <summary>The device's number in version 2; -1 in version 1.</summary>
    public int InterfaceIndex => Version == 1 ? -1 : (int)_bytes.UInt32At(4);

    /// <summary>The sender's address, at most 8 bytes; longer ones are cut in the header.</summary>
    public ReadOnlySpan<byte> Source =>
        Version == 1 ? _bytes.Slice(6, Math.Min(_bytes.UInt16At(4), 8)) : _bytes.Slice(12, Math.Min((int)_bytes[11], 8));

    /// <summary>What was captured behind the header.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderLength..];

    /// <summary>Looks at a header of version 1.</summary>
    /// <param name="bytes">From the header on, as far as was captured.</param>
    /// <param name="view">The header.</param>
    /// <returns>False when it is not all there.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out SllView view)
    {
        view = new(bytes, 1);
        return bytes.Length >= Bytes;
    }

    /// <summary>Looks at a header of version 2.</summary>
    /// <param name="bytes">From the header on, as far as was captured.</param>
    /// <param name="view">The header.</param>
    /// <returns>False when it is not all there.</returns>
    public static bool TryRead2(ReadOnlySpan<byte> bytes, out SllView view)
    {
        view = new(bytes, 2);
        return bytes.Length >= Bytes2;
    }
}
