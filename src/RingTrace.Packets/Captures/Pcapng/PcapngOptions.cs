namespace RingTrace.Packets.Captures.Pcapng;

/// <summary>
/// The options of a block, one after another: <c>while (options.TryNext(out int code, out var value))</c>. Each is at least four
/// bytes long, so the walk ends; one that is longer than what is left ends it too, as does the end mark.
/// </summary>
internal ref struct PcapngOptions(ReadOnlySpan<byte> options, ByteOrder order)
{
    public const int End = 0;
    public const int Comment = 1;

    public const int InterfaceName = 2;
    public const int InterfaceDescription = 3;
    public const int InterfaceTimeResolution = 9;
    public const int InterfaceTimeOffset = 14;

    /// <summary>Of a packet, in an enhanced and in an obsolete block; the two lowest bits say the direction.</summary>
    public const int PacketFlags = 2;

    /// <summary>Of a packet: by which algorithm, in a byte, and its hash.</summary>
    public const int PacketHash = 3;

    /// <summary>The algorithm whose hash is that of the packet's flow; its other hashes are of all its bytes.</summary>
    public const byte Toeplitz = 5;

    /// <summary>Of an interface's statistics: packets that the interface had to drop, since the capture began.</summary>
    public const int StatisticsInterfaceDrops = 5;

    /// <summary>Of an interface's statistics: packets that the operating system had to drop, since the capture began.</summary>
    public const int StatisticsSystemDrops = 7;

    private const int HeadBytes = 4;

    private ReadOnlySpan<byte> _rest = options;

    /// <summary>Whether what ended the walk was no end mark but an option that is longer than the block.</summary>
    public bool IsCut { get; private set; }

    public bool TryNext(out int code, out ReadOnlySpan<byte> value)
    {
        code = End;
        value = default;
        if (_rest.Length < HeadBytes || order.Half(_rest, 0) == End)
        {
            return false;
        }

        int length = order.Half(_rest, 2);
        if (length > _rest.Length - HeadBytes)
        {
            IsCut = true;
            return false;
        }

        code = order.Half(_rest, 0);
        value = _rest.Slice(HeadBytes, length);
        _rest = _rest[Math.Min(HeadBytes + PcapngBlocks.Padded(length), _rest.Length)..];
        return true;
    }
}
