using RingTrace.Packets.Layers;

namespace RingTrace.Tool.Net;

/// <summary>What people call the protocols that the decoders know; empty of others.</summary>
internal static class ProtocolNames
{
    public static ReadOnlySpan<byte> OverIP(int protocol) => protocol switch
    {
        IPProtocols.Icmp => "ICMP"u8,
        IPProtocols.IPv4 => "IPv4"u8,
        IPProtocols.Tcp => "TCP"u8,
        IPProtocols.Udp => "UDP"u8,
        IPProtocols.Dccp => "DCCP"u8,
        IPProtocols.IPv6 => "IPv6"u8,
        IPProtocols.Gre => "GRE"u8,
        IPProtocols.Esp => "ESP"u8,
        IPProtocols.Authentication => "AH"u8,
        IPProtocols.IcmpV6 => "ICMPv6"u8,
        IPProtocols.Sctp => "SCTP"u8,
        IPProtocols.UdpLite => "UDP-Lite"u8,
        IPProtocols.Mpls => "MPLS"u8,
        _ => default,
    };

    public static ReadOnlySpan<byte> OfEtherType(int type) => type switch
    {
        EtherTypes.IPv4 => "IPv4"u8,
        EtherTypes.Arp => "ARP"u8,
        EtherTypes.Vlan or EtherTypes.ServiceVlan or EtherTypes.OldServiceVlan => "VLAN"u8,
        EtherTypes.IPv6 => "IPv6"u8,
        EtherTypes.Mpls or EtherTypes.MplsMulticast => "MPLS"u8,
        EtherTypes.PppoeDiscovery => "PPPoE discovery"u8,
        EtherTypes.PppoeSession => "PPPoE"u8,
        0x8137 => "IPX"u8,
        0x888E => "802.1X"u8,
        0x88CC => "LLDP"u8,
        _ => default,
    };
}
