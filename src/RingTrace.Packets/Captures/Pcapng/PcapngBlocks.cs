namespace RingTrace.Packets.Captures.Pcapng;

/// <summary>
/// pcapng's blocks (draft-ietf-opsawg-pcapng): type, length of the whole, body padded to 4 bytes, the length again. What each
/// type's body begins with, and where its options are.
/// </summary>
internal static class PcapngBlocks
{
    public const uint SectionHeader = 0x0A0D0D0A;
    public const uint InterfaceDescription = 1;
    public const uint ObsoletePacket = 2;
    public const uint SimplePacket = 3;
    public const uint NameResolution = 4;
    public const uint InterfaceStatistics = 5;
    public const uint EnhancedPacket = 6;
    public const uint DecryptionSecrets = 10;
    public const uint Custom = 0x0000_0BAD;
    public const uint CustomNotToCopy = 0x4000_0BAD;

    /// <summary>The first word of a section's body; how it reads says the byte order of the section.</summary>
    public const uint ByteOrderMagic = 0x1A2B_3C4D;

    /// <summary>Type and length.</summary>
    public const int HeadBytes = 8;

    /// <summary>Type, length, and the length again: a block without a body.</summary>
    public const int LeastBytes = 12;

    /// <summary>Type, length, byte order, version, and the section's length, before a section's options.</summary>
    public const int SectionOptions = 24;

    /// <summary>Type, length, link type, snap length, before an interface's options.</summary>
    public const int InterfaceOptions = 16;

    /// <summary>Type, length, interface, time, two lengths, before the bytes of a packet in an enhanced or an obsolete block.</summary>
    public const int PacketData = 28;

    /// <summary>Type, length, the length on the wire, before the bytes of a packet in a simple block.</summary>
    public const int SimplePacketData = 12;

    /// <summary>Type, length, interface, time, before an interface's statistics, which are options.</summary>
    public const int StatisticsOptions = 20;

    /// <summary>Rounds a length up to what it takes in a file.</summary>
    public static int Padded(int bytes) => (bytes + 3) & ~3;
}
