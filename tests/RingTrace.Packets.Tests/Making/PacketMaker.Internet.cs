using RingTrace.Packets.Layers;

namespace RingTrace.Packets.Tests.Making;

/// <summary>IP, what goes over it, and tunnels.</summary>
public sealed partial class PacketMaker
{
    /// <summary>IPv4; <paramref name="fragment"/> is where in its datagram the packet belongs, in bytes, -1 in a whole one.</summary>
    public PacketMaker IPv4(
        string source = "192.0.2.1", string destination = "198.51.100.2", byte[]? options = null, int fragment = -1, bool more = false,
        int number = 7) =>
        Add(LinkType.IPv4, new(EtherTypes.IPv4, IPProtocols.IPv4, (next, inside) =>
        {
            byte[] addresses = [.. Address(source), .. Address(destination)];
            byte[] extra = options ?? [];
            int flags = (more ? 0x2000 : 0) | (Math.Max(fragment, 0) / 8);
            byte[] header = [(byte)(0x45 + (extra.Length / 4)), 0, .. U16(20 + extra.Length + inside.Length), .. U16(number), .. U16(flags),
                64, (byte)next.Protocol];
            int sum = Checksum(header, [0, 0], addresses, extra);
            return [.. header, .. U16(sum), .. addresses, .. extra, .. fragment < 0 ? Sealed(inside, next.Protocol, addresses) : inside];
        }));

    public PacketMaker IPv6(string source = "2001:db8::1", string destination = "2001:db8:0:1::2") =>
        Add(LinkType.IPv6, new(EtherTypes.IPv6, IPProtocols.IPv6, (next, inside) =>
            [0x60, 0, 0, 0, .. U16(inside.Length), (byte)next.Protocol, 64, .. Address(source), .. Address(destination),
                .. Inside(source, destination, next, inside)]));

    public PacketMaker HopByHop() => Add(LinkType.IPv6, new(NoProtocol, IPProtocols.HopByHop,
        (next, inside) => [(byte)next.Protocol, 0, 5, 2, 0, 0, 1, 0, .. inside]));

    public PacketMaker Destination() => Add(LinkType.IPv6, new(NoProtocol, IPProtocols.DestinationOptions,
        (next, inside) => [(byte)next.Protocol, 1, 1, 12, .. new byte[12], .. inside]));

    public PacketMaker Routing() => Add(LinkType.IPv6, new(NoProtocol, IPProtocols.Routing,
        (next, inside) => [(byte)next.Protocol, 2, 2, 0, 0, 0, 0, 0, .. Address("2001:db8::9"), .. inside]));

    public PacketMaker Fragment(int offset, bool more, int number = 77) => Add(LinkType.IPv6, new(NoProtocol, IPProtocols.Fragment,
        (next, inside) => [(byte)next.Protocol, 0, .. U16(offset | (more ? 1 : 0)), .. U32(number), .. inside]));

    public PacketMaker Authentication() => Add(LinkType.IPv6, new(NoProtocol, IPProtocols.Authentication,
        (next, inside) => [(byte)next.Protocol, 4, 0, 0, .. U32(1), .. U32(2), .. new byte[12], .. inside]));

    public PacketMaker Tcp(int source = 40001, int destination = 40002, byte[]? options = null) => Add(LinkType.Raw, new(NoProtocol, IPProtocols.Tcp,
        (_, inside) => [.. Ports(source, destination), .. U32(1000), .. U32(2000), (byte)((20 + (options?.Length ?? 0)) << 2), 0x18,
            .. U16(500), 0, 0, 0, 0, .. options ?? [], .. inside]));

    public PacketMaker Udp(int source = 40001, int destination = 40002) => Add(LinkType.Raw, new(NoProtocol, IPProtocols.Udp,
        (_, inside) => [.. Ports(source, destination), .. U16(8 + inside.Length), 0, 0, .. inside]));

    public PacketMaker UdpLite() => Add(LinkType.Raw, new(NoProtocol, IPProtocols.UdpLite,
        (_, inside) => [.. Ports(40001, 40002), 0, 0, 0, 0, .. inside]));

    public PacketMaker Dccp() => Add(LinkType.Raw, new(NoProtocol, IPProtocols.Dccp,
        (_, inside) => [.. Ports(40001, 40002), 6, 0, 0, 0, 0x05, 0, 0, 0, .. U32(1), .. U32(2), .. U32(3), .. inside]));

    public PacketMaker Sctp() => Add(LinkType.Raw, new(NoProtocol, IPProtocols.Sctp, (_, inside) =>
    {
        byte[] chunk = [0, 3, .. U16(16 + inside.Length), .. U32(1), .. U16(0), .. U16(0), .. U32(0), .. inside, .. new byte[-inside.Length & 3]];
        byte[] head = [.. Ports(40001, 40002), .. U32(99)];
        return [.. head, .. BitConverter.GetBytes(Crc([.. head, 0, 0, 0, 0, .. chunk])), .. chunk];
    }));

    /// <summary>An echo, or with type 3 and the like an error around a packet.</summary>
    public PacketMaker Icmp(int type = 8) => Add(LinkType.Raw, new(NoProtocol, IPProtocols.Icmp, (_, inside) =>
        [(byte)type, 0, .. U16(Checksum([(byte)type, 0, 0, 0, 0, 0, 0, 1], inside)), 0, 0, 0, 1, .. inside]));

    public PacketMaker IcmpV6(int type = 128) => Add(LinkType.Raw, new(NoProtocol, IPProtocols.IcmpV6,
        (_, inside) => [(byte)type, 0, 0, 0, 0, 0, 0, 1, .. inside]));

    public PacketMaker Gre(bool key = false, bool sequence = false, bool checksum = false) =>
        Add(LinkType.Raw, new(NoProtocol, IPProtocols.Gre, (next, inside) =>
        {
            byte[] head = [(byte)((checksum ? 0x80 : 0) | (key ? 0x20 : 0) | (sequence ? 0x10 : 0)), 0, .. U16(next.EtherType)];
            byte[] tail = [.. key ? U32(5) : [], .. sequence ? U32(6) : [], .. inside];
            return [.. head, .. checksum ? [.. U16(Checksum(head, [0, 0, 0, 0], tail)), 0, 0] : Array.Empty<byte>(), .. tail];
        }));

    public PacketMaker Vxlan(int network) => Udp(50001, 4789).Add(LinkType.Raw, new(NoProtocol, NoProtocol,
        (_, inside) => [8, 0, 0, 0, .. U24(network), 0, .. inside]));

    public PacketMaker Geneve(int network, byte[]? options = null) => Udp(50001, 6081).Add(LinkType.Raw, new(NoProtocol, NoProtocol,
        (next, inside) => [(byte)((options?.Length ?? 0) / 4), 0, .. U16(next.EtherType), .. U24(network), 0, .. options ?? [], .. inside]));

    /// <summary>GTP-U; with a sequence number, and with the header that 5G puts behind it.</summary>
    public PacketMaker GtpU(uint endpoint, bool extended = false) => Udp(2152, 2152).Add(LinkType.Raw, new(NoProtocol, NoProtocol,
        (_, inside) => extended
            ? [0x36, 255, .. U16(inside.Length + 8), .. U32(endpoint), .. U16(1), 0, 0x85, 1, 0, 9, 0, .. inside]
            : [0x30, 255, .. U16(inside.Length), .. U32(endpoint), .. inside]));

    private static byte[] Ports(int source, int destination) => [.. U16(source), .. U16(destination)];

    /// <summary>Through its extension headers to the transport, whose checksum goes over IPv6's addresses.</summary>
    private static byte[] Inside(string source, string destination, Layer next, byte[] inside)
    {
        int at = 0;
        int protocol = next.Protocol;
        while (protocol is IPProtocols.HopByHop or IPProtocols.DestinationOptions or IPProtocols.Routing
            or IPProtocols.Fragment or IPProtocols.Authentication)
        {
            if (protocol == IPProtocols.Fragment && (inside[at + 2] | inside[at + 3]) != 0)
            {
                return inside;
            }

            int length = protocol switch
            {
                IPProtocols.Fragment => 8,
                IPProtocols.Authentication => (inside[at + 1] + 2) * 4,
                _ => (inside[at + 1] + 1) * 8,
            };
            protocol = inside[at];
            at += length;
        }

        return [.. inside[..at], .. Sealed(inside[at..], protocol, [.. Address(source), .. Address(destination)])];
    }
}
