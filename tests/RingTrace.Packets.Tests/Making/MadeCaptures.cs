namespace RingTrace.Packets.Tests.Making;

/// <summary>pcap files of made packets, written without the code that is tested.</summary>
public static class MadeCaptures
{
    /// <summary>A little-endian pcap file of one link type.</summary>
    /// <param name="link">What all packets begin with.</param>
    /// <param name="packets">The packets, a millisecond apart.</param>
    public static byte[] Pcap(LinkType link, IEnumerable<byte[]> packets)
    {
        using MemoryStream file = new();
        using BinaryWriter writer = new(file);
        writer.Write(0xA1B2C3D4);
        writer.Write(0x00040002);
        writer.Write(0L);
        writer.Write(262144);
        writer.Write((int)link);
        int time = 0;
        foreach (byte[] packet in packets)
        {
            writer.Write(1_700_000_000);
            writer.Write(time += 1000);
            writer.Write(packet.Length);
            writer.Write(packet.Length);
            writer.Write(packet);
        }

        return file.ToArray();
    }
}
