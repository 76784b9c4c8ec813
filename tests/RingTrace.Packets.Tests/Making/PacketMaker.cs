using System.Buffers.Binary;
using System.Net;
using RingTrace.Packets.Layers;

namespace RingTrace.Packets.Tests.Making;

/// <summary>
/// Makes packets layer by layer, outermost first: <c>new PacketMaker().Ethernet().Vlan(5).IPv4().Tcp().Make()</c>. Lengths, types
/// and checksums follow from what comes inside. Written plainly and without the code that is tested.
/// </summary>
public sealed partial class PacketMaker
{
    private readonly List<Layer> _layers = [];

    /// <summary>What the packet begins with.</summary>
    public LinkType LinkType { get; private set; }

    /// <summary>The packet around a payload.</summary>
    public byte[] Make(byte[]? payload = null)
    {
        byte[] packet = payload ?? "a payload"u8.ToArray();
        Layer? next = null;
        foreach (Layer layer in Enumerable.Reverse(_layers))
        {
            packet = layer.Write(next ?? Layer.None, packet);
            next = layer;
        }

        return packet;
    }

    private static byte[] U16(int value) => [(byte)(value >> 8), (byte)value];

    private static byte[] U24(int value) => [(byte)(value >> 16), .. U16(value)];

    private static byte[] U32(long value) => [.. U16((int)(value >> 16)), .. U16((int)value)];

    private static byte[] Address(string text) => IPAddress.Parse(text).GetAddressBytes();

    /// <summary>RFC 1071 as it is explained there, not as one would write it for speed.</summary>
    private static int Checksum(params byte[][] parts)
    {
        byte[] all = [.. parts.SelectMany(part => part)];
        int sum = 0;
        for (int i = 0; i < all.Length; i += 2)
        {
            sum += (all[i] << 8) | (i + 1 < all.Length ? all[i + 1] : 0);
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return ~sum & 0xFFFF;
    }

    /// <summary>RFC 9260's CRC-32C, bit by bit.</summary>
    private static uint Crc(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78 : 0);
            }
        }

        return ~crc;
    }

    /// <summary>A transport's checksum into its place, over the addresses of the IP packet around it.</summary>
    private static byte[] Sealed(byte[] message, int protocol, byte[] addresses)
    {
        int field = protocol switch
        {
            IPProtocols.Tcp => 16,
            IPProtocols.Udp or IPProtocols.UdpLite or IPProtocols.Dccp => 6,
            IPProtocols.IcmpV6 => 2,
            _ => -1,
        };
        if (field >= 0)
        {
            int sum = Checksum(addresses, U16(protocol), U32(message.Length), message);
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(field), (ushort)(sum == 0 ? 0xFFFF : sum));
        }

        return message;
    }

    private PacketMaker Add(LinkType link, Layer layer)
    {
        LinkType = _layers.Count == 0 ? link : LinkType;
        _layers.Add(layer);
        return this;
    }

    /// <summary>A layer: how others name it, and how it is written around what is inside. Names that nobody has are -1.</summary>
    private sealed record Layer(int EtherType, int Protocol, Func<Layer, byte[], byte[]> Write)
    {
        public static readonly Layer None = new(0x88B5, 253, (_, inside) => inside);

        public int Ppp => EtherType switch
        {
            EtherTypes.IPv4 => 0x0021,
            EtherTypes.IPv6 => 0x0057,
            EtherTypes.Mpls => 0x0281,
            _ => 0xC021,
        };
    }
}
