namespace RingTrace.Packets.Captures.Pcapng;

/// <summary>What a packet's block has beside the packet.</summary>
internal static class PcapngPackets
{
    private const int EndBytes = 4;
    private const int TimeOffset = 12;

    /// <summary>Its options; none in a simple block.</summary>
    public static ReadOnlySpan<byte> OptionsOf(in Packet packet, ByteOrder order)
    {
        ReadOnlySpan<byte> block = packet.Record;
        int begin = PcapngBlocks.PacketData + PcapngBlocks.Padded(packet.CapturedLength);
        return order.Word(block, 0) is PcapngBlocks.EnhancedPacket or PcapngBlocks.ObsoletePacket && begin <= block.Length - EndBytes
            ? block[begin..^EndBytes] : [];
    }

    /// <summary>Its time in the units of its interface; 0 in a simple block, which has none.</summary>
    public static ulong TimeOf(ReadOnlySpan<byte> block, ByteOrder order) => order.Word(block, 0) == PcapngBlocks.SimplePacket
        ? 0 : ((ulong)order.Word(block, TimeOffset) << 32) | order.Word(block, TimeOffset + sizeof(uint));
}
