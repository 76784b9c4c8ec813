using RingTrace.Packets.Captures;
using RingTrace.Packets.Layers;
using RingTrace.Packets.Layers.Views;
using RingTrace.Packets.Tests.Captures;
using RingTrace.Packets.Tests.Making;
using Xunit;

namespace RingTrace.Packets.Tests.Layers;

/// <summary>What the views show of packets that are known.</summary>
public class ViewTests
{
    [Fact]
    public void Options_are_walked_to_their_end_and_not_past_what_makes_no_sense()
    {
        byte[] packet = new PacketMaker().IPv4(options: [1, 0x94, 4, 0, 9, 0, 7, 7]).Tcp(options: [2, 4, 5, 0xB4, 3, 3, 7, 8, 0, 1, 1, 1]).Make();
        Assert.True(IPv4View.TryRead(packet, out IPv4View ip));
        Assert.Equal([(1, ""), (0x94, "0009")], List(ip.Options));
        Assert.True(TcpView.TryRead(ip.Payload, out TcpView tcp));

        // The last kind says that it is 0 bytes long.
        Assert.Equal([(2, "05B4"), (3, "07")], List(tcp.Options));
        Assert.Equal((40001, 40002), (tcp.SourcePort, tcp.DestinationPort));
        Assert.Equal((1000u, 2000u, 0x18, 500), (tcp.SequenceNumber, tcp.AcknowledgmentNumber, tcp.Flags, tcp.Window));
        Assert.Equal("a payload"u8.ToArray(), tcp.Payload);
    }

    [Fact]
    public void Extension_headers_are_walked_in_their_order()
    {
        byte[] packet = new PacketMaker().IPv6().HopByHop().Authentication().Fragment(0, more: false).Destination().Udp().Make();
        Assert.True(IPv6View.TryRead(packet, out IPv6View ip));
        List<(int, int)> headers = [];
        IPv6Extensions walk = ip.Extensions;
        while (walk.MoveNext())
        {
            headers.Add((walk.Current.Kind, walk.Current.Data.Length));
        }

        Assert.Equal(
            [(IPProtocols.HopByHop, 8), (IPProtocols.Authentication, 24), (IPProtocols.Fragment, 8), (IPProtocols.DestinationOptions, 16)], headers);
        Assert.Equal((IPProtocols.Udp, 56, 0, true), (walk.Protocol, walk.Length, walk.FragmentOffset, walk.IsComplete));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void An_error_shows_the_packet_that_it_is_about(int version)
    {
        byte[] packet = version == 4
            ? new PacketMaker().IPv4().Icmp(type: 11).IPv4("10.0.0.1", "10.0.0.2").Udp(1111, 2222).Make()
            : new PacketMaker().IPv6().IcmpV6(type: 3).IPv6("2001:db8::a", "2001:db8::b").Udp(1111, 2222).Make();
        Dissection layers = Dissection.Of(packet, LinkType.Raw);
        ReadOnlySpan<byte> message = packet.AsSpan(layers.TransportOffset);
        Assert.True(version == 4 ? IcmpView.TryRead(message, out IcmpView icmp) : IcmpView.TryRead6(message, out icmp));
        Assert.True(icmp.TryReadInner(out Dissection inner));
        Assert.True(FlowKey.TryGet(icmp.Payload, in inner, out FlowKey key));
        Assert.Equal((version, 1111, 2222), (key.Source.Version, key.SourcePort, key.DestinationPort));

        // A tunnel it is not.
        Assert.False(layers.TryEnterTunnel(packet, out _));
    }

    [Fact]
    public void Tunnels_name_their_networks()
    {
        Assert.True(VxlanView.TryRead(Behind(new PacketMaker().IPv4().Vxlan(0x123456).Ethernet()), out VxlanView vxlan));
        Assert.Equal(0x123456, vxlan.Network);
        byte[] options = [1, 2, 3, 1, 9, 9, 9, 9];
        Assert.True(GeneveView.TryRead(Behind(new PacketMaker().IPv4().Geneve(0x654321, options).Ethernet()), out GeneveView geneve));
        Assert.Equal((0x654321, EtherTypes.EthernetBridging, 16), (geneve.Network, geneve.EtherType, geneve.HeaderLength));
        Assert.True(GtpUView.TryRead(Behind(new PacketMaker().IPv4().GtpU(0xDEADBEEF, extended: true).IPv4()), out GtpUView gtp));
        Assert.Equal((0xDEADBEEF, 16, true), (gtp.TunnelEndpoint, gtp.HeaderLength, gtp.IsUserPacket));
        Assert.True(GreView.TryRead(Behind(new PacketMaker().IPv4().Gre(key: true, sequence: true, checksum: true).IPv4()), out GreView gre));
        Assert.Equal((5L, 6L, 16, EtherTypes.IPv4), (gre.Key, gre.SequenceNumber, gre.HeaderLength, gre.EtherType));
        Assert.True(PppoeView.TryRead(new PacketMaker().Pppoe(77).IPv4().Make(), out PppoeView pppoe));
        Assert.Equal((77, 0), (pppoe.Session, pppoe.Code));
    }

    [Fact]
    public void Chunks_and_addresses_are_where_they_stand()
    {
        Assert.True(SctpView.TryRead(new PacketMaker().Sctp().Make(), out SctpView sctp));
        List<(int, int)> chunks = [];
        foreach (PacketOption chunk in sctp.Chunks)
        {
            chunks.Add((chunk.Kind, chunk.Data.Length));
        }

        Assert.Equal([(0, 25)], chunks);
        Assert.True(ArpView.TryRead(new PacketMaker().Arp().Make(), out ArpView arp));
        Assert.Equal(1, arp.Operation);
        Assert.Equal((byte[])[192, 0, 2, 1], arp.SenderProtocol.ToArray());
        Assert.Equal((byte[])[192, 0, 2, 2], arp.TargetProtocol.ToArray());
        Assert.True(SllView.TryRead2(new PacketMaker().Sll2().IPv4().Make(), out SllView cooked));
        Assert.Equal((3, 4, EtherTypes.IPv4), (cooked.InterfaceIndex, cooked.PacketType, cooked.Protocol));
        Assert.Equal((byte[])[2, 0, 0, 0, 0, 1], cooked.Source.ToArray());
    }

    [Fact]
    public void Each_layer_is_one_call()
    {
        byte[] made = new PacketMaker().Radiotap().Ieee80211(quality: true).IPv4().Udp().Make();
        using CaptureReader reader = TestCaptures.Open(MadeCaptures.Pcap(LinkType.Ieee80211Radiotap, [made]));
        Assert.True(reader.TryRead(out Packet packet));
        Assert.Equal(made.AsSpan(25), packet.Layer2(out LinkType link));
        Assert.Equal(LinkType.Ieee80211, link);
        Assert.Equal(made.AsSpan(59), packet.Layer3(out int etherType));
        Assert.Equal(EtherTypes.IPv4, etherType);
        Assert.Equal(made.AsSpan(79), packet.Transport(out int protocol));
        Assert.Equal(IPProtocols.Udp, protocol);
        Assert.Equal("a payload"u8.ToArray(), packet.Payload());
        Assert.True(FlowKey.TryGetInnermost(in packet, out FlowKey key));
        Assert.Equal("17 192.0.2.1 40001 > 198.51.100.2 40002", key.ToString());
    }

    /// <summary>What is behind the first transport header that is known.</summary>
    private static byte[] Behind(PacketMaker maker)
    {
        byte[] packet = maker.Make();
        return packet[Dissection.Of(packet, LinkType.Raw).PayloadOffset..];
    }

    private static List<(int Kind, string Data)> List(PacketOptions options)
    {
        List<(int, string)> list = [];
        foreach (PacketOption option in options)
        {
            list.Add((option.Kind, Convert.ToHexString(option.Data)));
        }

        return list;
    }
}
