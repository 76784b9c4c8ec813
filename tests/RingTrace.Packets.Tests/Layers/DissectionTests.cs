using FsCheck;
using FsCheck.Fluent;
using RingTrace.Formats.Tests;
using RingTrace.Packets.Layers;
using RingTrace.Packets.Layers.Checksums;
using RingTrace.Packets.Tests.Making;
using Xunit;

namespace RingTrace.Packets.Tests.Layers;

/// <summary>What holds of every walk, over cut and damaged packets too.</summary>
public class DissectionTests
{
    private static readonly LinkType[] Links = [.. Enum.GetValues<LinkType>()];

    [Fact]
    public void A_snapped_packet_shows_what_is_there_and_nothing_else()
    {
        foreach ((LinkType link, byte[] data) in MadePackets.All)
        {
            Dissection whole = Dissection.Of(data, link);
            for (int length = 0; length < data.Length; length++)
            {
                Dissection cut = Dissection.Of(data.AsSpan(0, length), link);
                AssertInside(cut, length);
                AssertAbsentOr(whole.SourcePort, cut.SourcePort);
                AssertAbsentOr(whole.DestinationPort, cut.DestinationPort);
                AssertAbsentOr(whole.TransportOffset, cut.TransportOffset);
                AssertAbsentOr(whole.FragmentOffset, cut.FragmentOffset);
                AssertAbsentOr(whole.Mpls, cut.Mpls);
                Assert.True(cut.IPVersion == whole.IPVersion || cut.IPVersion == 0);
                Assert.Equal(cut.SourcePort >= 0, whole.SourcePort >= 0 && length >= whole.TransportOffset + 4);
            }
        }
    }

    [Fact]
    public void Damaged_packets_are_walked_within_their_bounds() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(
        Damaged().ToArbitrary(),
        packet =>
        {
            Dissection layers = Dissection.Of(packet.Data, packet.Link);
            AssertInside(layers, packet.Data.Length);
            Dissection inner = layers.Innermost(packet.Data);
            AssertInside(inner, packet.Data.Length);
            PacketChecksums.VerifyNetwork(packet.Data, in inner);
            PacketChecksums.VerifyTransport(packet.Data, in layers);
            ViewWalks.All(packet.Data, in layers);
            ViewWalks.All(packet.Data, in inner);
        }));

    [Fact]
    public void The_short_way_to_a_key_says_what_the_walk_says() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(
        Damaged().Where(packet => packet.Link == LinkType.Ethernet).ToArbitrary(),
        packet =>
        {
            if (FlowKey.TryGetPlain(packet.Data, out FlowKey plain))
            {
                Assert.True(FlowKey.TryGet(packet.Data, Dissection.Of(packet.Data, packet.Link), out FlowKey walked));
                Assert.Equal(walked, plain);
            }
        }));

    [Fact]
    public void The_short_way_is_taken_by_plain_packets()
    {
        PacketMaker[] plain = [new PacketMaker().Ethernet().IPv4().Tcp(), new PacketMaker().Ethernet().IPv6().Udp()];
        Assert.All(plain, maker =>
        {
            Assert.True(FlowKey.TryGetPlain(maker.Make(), out FlowKey key));
            Assert.Equal((40001, 40002), (key.SourcePort, key.DestinationPort));
            Assert.Equal((key.Destination, key.SourcePort), (key.Reversed.Source, key.Reversed.DestinationPort));
            Assert.Equal(key, key.Reversed.Reversed);
        });
    }

    [Fact]
    public void A_second_fragment_header_says_nothing_about_the_packet()
    {
        PacketMaker maker = new PacketMaker().IPv6().Fragment(0, more: true).Fragment(1280, more: false).Udp();
        Dissection layers = Dissection.Of(maker.Make(), LinkType.IPv6);
        Assert.Equal((0, true, -1, -1), (layers.FragmentOffset, layers.MoreFragments, layers.Protocol, layers.TransportOffset));
    }

    [Fact]
    public void The_links_padding_is_no_transport()
    {
        // An IP packet of 20 bytes in a frame of 60: what looks like ports behind it is padding.
        byte[] frame = [.. new PacketMaker().Ethernet().IPv4().Make([]), .. Enumerable.Repeat((byte)0x55, 26)];
        frame[23] = IPProtocols.Udp;
        Dissection layers = Dissection.Of(frame, LinkType.Ethernet);
        Assert.Equal((-1, -1, 34), (layers.SourcePort, layers.TransportOffset, layers.End));
    }

    [Theory]
    [InlineData(EtherTypes.Vlan)]
    [InlineData(EtherTypes.Mpls)]
    public void Tags_without_end_are_given_up(int etherType)
    {
        PacketMaker maker = new PacketMaker().Ethernet();
        for (int i = 0; i < 100; i++)
        {
            _ = etherType == EtherTypes.Vlan ? maker.Vlan(i) : maker.Mpls(i);
        }

        Dissection layers = Dissection.Of(maker.IPv4().Udp().Make(), LinkType.Ethernet);
        Assert.Equal((-1, 0), (layers.NetworkOffset, layers.IPVersion));
    }

    [Fact]
    public void Tunnels_in_tunnels_are_entered_eight_deep()
    {
        PacketMaker maker = new();
        for (int i = 0; i < 20; i++)
        {
            _ = maker.IPv4($"10.0.0.{i}");
        }

        byte[] packet = maker.Udp().Make();
        Assert.True(FlowKey.TryGet(packet, Dissection.Of(packet, LinkType.Raw).Innermost(packet), out FlowKey key));
        Assert.Equal("10.0.0.8", key.Source.ToString());
    }

    [Fact]
    public void A_walk_allocates_nothing()
    {
        (LinkType Link, byte[] Data)[] packets = [.. MadePackets.All];
        WalkAll(packets);
        Allocated allocated = Allocated.Since();
        for (int i = 0; i < 1000; i++)
        {
            WalkAll(packets);
        }

        Assert.Equal(0, allocated.Bytes);
    }

    private static void WalkAll((LinkType Link, byte[] Data)[] packets)
    {
        Span<byte> text = stackalloc byte[PacketAddress.MostTextLength];
        foreach ((LinkType link, byte[] data) in packets)
        {
            Dissection layers = Dissection.Of(data, link);
            _ = FlowKey.TryGet(data, layers.Innermost(data), out FlowKey key) && key.Source.TryFormat(text, out _);
            ViewWalks.All(data, in layers);
        }
    }

    private static void AssertInside(in Dissection layers, int length)
    {
        foreach (int offset in (int[])[layers.LinkOffset, layers.NetworkOffset, layers.TransportOffset, layers.PayloadOffset, layers.End])
        {
            Assert.InRange(offset, -1, length);
        }

        Assert.True(layers.NetworkOffset < 0 || layers.NetworkOffset < length);
        Assert.True(layers.PayloadOffset <= layers.End);
        Assert.True(layers.TransportOffset < 0 || (layers.NetworkOffset < layers.TransportOffset && layers.TransportOffset < layers.End));
    }

    private static void AssertAbsentOr(int whole, int cut) => Assert.True(cut == -1 || cut == whole, $"{cut} is not {whole}");

    /// <summary>A made packet, bytes of it changed, cut somewhere, sometimes said to be of another link type.</summary>
    private static Gen<(LinkType Link, byte[] Data)> Damaged() =>
        from made in Gen.Elements<(LinkType Link, byte[] Data)>(MadePackets.All)
        from length in Gen.Choose(made.Data.Length / 2, made.Data.Length)
        from changes in Gen.Choose(0, 4)
        from places in Gen.Choose(0, length - 1).ArrayOf(changes)
        from values in Gen.OneOf(Gen.Choose(0, 255), Gen.Elements(0, 4, 6, 17, 0x45, 0x81, 0x88, 255)).ArrayOf(changes)
        from link in Gen.Frequency((6, Gen.Constant(made.Link)), (1, Gen.Elements(Links)))
        select (link, Change(made.Data[..length], places, values));

    private static byte[] Change(byte[] data, int[] places, int[] values)
    {
        foreach ((int place, int value) in places.Zip(values))
        {
            data[place] = (byte)value;
        }

        return data;
    }
}
