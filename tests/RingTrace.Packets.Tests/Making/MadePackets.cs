using RingTrace.Packets.Layers;

namespace RingTrace.Packets.Tests.Making;

/// <summary>One packet and more of everything that the decoders know, by what they begin with.</summary>
public static class MadePackets
{
    private static readonly byte[] IPOptions = [1, 0x94, 4, 0, 0, 1, 1, 0];
    private static readonly byte[] TcpOptions = [2, 4, 5, 0xB4, 1, 3, 3, 7, 4, 2, 0, 0];
    private static readonly byte[] GeneveOptions = [1, 2, 3, 1, 9, 9, 9, 9];

    private static readonly Func<PacketMaker, PacketMaker>[] OverAnyLink =
    [
        p => p.IPv4().Tcp(),
        p => p.IPv6().Udp(),
    ];

    private static readonly Func<PacketMaker>[] Links =
    [
        () => new PacketMaker().Ethernet(), () => new PacketMaker().Ethernet8023(), () => new PacketMaker().Ppp(framed: false),
        () => new PacketMaker().Ppp(framed: true), () => new PacketMaker().ShortPpp(), () => new PacketMaker().CiscoHdlc(),
        () => new PacketMaker().Sll(), () => new PacketMaker().Sll2(), () => new PacketMaker().Radiotap().Ieee80211(),
        () => new PacketMaker().Radiotap(padded: true).Ieee80211(quality: true, padded: true), () => new PacketMaker().Ieee80211(quality: true),
        () => new PacketMaker().Ieee80211(relayed: true), () => new PacketMaker().Atm(), () => new PacketMaker().Null(),
        () => new PacketMaker().Loop(), () => new PacketMaker().Raw(), () => new PacketMaker().Sll().Vlan(9), () => new PacketMaker(),
    ];

    private static readonly PacketMaker[] OverEthernet =
    [
        Ethernet().Arp(),
        Ethernet().Vlan(5).Arp(),
        Ethernet().Vlan(5).IPv4().Tcp(),
        Ethernet().Vlan(100, EtherTypes.ServiceVlan).Vlan(200).IPv4().Udp(),
        Ethernet().Vlan(100, EtherTypes.OldServiceVlan).Vlan(200).IPv6().Tcp(),
        Ethernet().Mpls(18).IPv4().Icmp(),
        Ethernet().Mpls(1048575).Mpls(17).IPv6().Udp(),
        Ethernet().Mpls(19).ControlWord().Ethernet().IPv4().Udp(),
        Ethernet().Mpls(20).Ethernet().Vlan(7).IPv4().Udp(),
        Ethernet().Vlan(6).Pppoe(9).IPv4().Tcp(),
        Ethernet().Pppoe(10).IPv6().Udp(),
        Ethernet().IPv4(options: IPOptions).Tcp(options: TcpOptions),
        Ethernet().IPv4().Icmp(),
        Ethernet().IPv4().Icmp(type: 3).IPv4("203.0.113.5", "203.0.113.6").Udp(1111, 2222),
        Ethernet().IPv4().Sctp(),
        Ethernet().IPv4().Dccp(),
        Ethernet().IPv4().UdpLite(),
        Ethernet().IPv4(),
        Ethernet().IPv4(fragment: 0, more: true).Udp(),
        Ethernet().IPv4(fragment: 1480).Udp(),
        Ethernet().IPv6().IcmpV6(),
        Ethernet().IPv6().IcmpV6(type: 1).IPv6("2001:db8:5::1", "2001:db8:6::1").Tcp(1111, 2222),
        Ethernet().IPv6().Sctp(),
        Ethernet().IPv6().HopByHop().Destination().Routing().Destination().Tcp(),
        Ethernet().IPv6().Authentication().Udp(),
        Ethernet().IPv6().HopByHop().Fragment(0, more: true).Udp(),
        Ethernet().IPv6().Fragment(1448, more: true).Udp(),
        Ethernet().IPv6().Fragment(0, more: false).Tcp(),
        Ethernet().IPv6("::", "ff02::1").IcmpV6(type: 135),
        Ethernet().IPv6("::ffff:1.2.3.4", "::5.6.7.8").Udp(),
        Ethernet().IPv6("2001:db8:0:0:1:0:0:1", "2001:0:0:1:0:0:0:1").Udp(),
        Ethernet().IPv6("2001:db8:0:1:1:1:1:1", "::1").Udp(),
        Ethernet().IPv4().IPv4("10.0.0.1", "10.0.0.2").Tcp(1111, 2222),
        Ethernet().IPv4().IPv6("2001:db8:7::1", "2001:db8:8::1").Udp(1111, 2222),
        Ethernet().IPv6().IPv4("10.0.0.1", "10.0.0.2").Udp(1111, 2222),
        Ethernet().IPv4().Gre().IPv4("10.0.0.1", "10.0.0.2").Udp(1111, 2222),
        Ethernet().IPv4().Gre(key: true, sequence: true, checksum: true).IPv6("2001:db8:7::1", "2001:db8:8::1").Tcp(1111, 2222),
        Ethernet().IPv6().Gre(key: true).Ethernet().Vlan(12).IPv4("10.0.0.1", "10.0.0.2").Udp(1111, 2222),
        Ethernet().IPv4().Gre().Mpls(33).IPv4("10.0.0.1", "10.0.0.2").Udp(1111, 2222),
        Ethernet().IPv4().Mpls(34).IPv4("10.0.0.1", "10.0.0.2").Udp(1111, 2222),
        Ethernet().IPv4().Vxlan(77).Ethernet().IPv4("10.0.0.1", "10.0.0.2").Tcp(1111, 2222),
        Ethernet().IPv6().Vxlan(77).Ethernet().Vlan(8).IPv6("2001:db8:7::1", "2001:db8:8::1").Udp(1111, 2222),
        Ethernet().IPv4().Geneve(78, GeneveOptions).Ethernet().IPv4("10.0.0.1", "10.0.0.2").Tcp(1111, 2222),
        Ethernet().IPv4().Geneve(78).IPv6("2001:db8:7::1", "2001:db8:8::1").Udp(1111, 2222),
        Ethernet().IPv4().GtpU(79).IPv4("10.0.0.1", "10.0.0.2").Tcp(1111, 2222),
        Ethernet().IPv6().GtpU(79, extended: true).IPv6("2001:db8:7::1", "2001:db8:8::1").Udp(1111, 2222),
        Ethernet().IPv4().Gre().IPv4("10.0.0.1", "10.0.0.2").Vxlan(3).Ethernet().IPv6("2001:db8:7::1", "2001:db8:8::1").Tcp(1111, 2222),
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<(LinkType Link, byte[] Data)> All { get; } =
        [.. Links.SelectMany(_ => OverAnyLink, (link, over) => over(link())).Concat(OverEthernet).Select(maker => (maker.LinkType, maker.Make()))];

    private static PacketMaker Ethernet() => new PacketMaker().Ethernet();
}
