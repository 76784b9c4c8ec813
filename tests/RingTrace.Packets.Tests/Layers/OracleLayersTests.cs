using System.Globalization;
using RingTrace.Packets.Captures;
using RingTrace.Packets.Layers;
using RingTrace.Packets.Layers.Views;
using RingTrace.Packets.Tests.Captures;
using Xunit;

namespace RingTrace.Packets.Tests.Layers;

/// <summary>The layers of real captures, judged packet by packet by what libtrace says about them.</summary>
/// <remarks>
/// Four times libtrace is wrong, as tshark shows: it finds a VLAN tag in the certificates of 8021x.pcap, for it looks on in the
/// payload of what is not IP; it reads addresses of a frame of which 6 bytes were captured; and in vlan.pcap it knows neither the
/// protocol of later fragments nor that more come behind the first ones, though their headers say so.
/// </remarks>
public class OracleLayersTests
{
    private const int Protocol = 10;
    private const int Source = 11;
    private const int Destination = 13;
    private const int FragmentOffset = 16;
    private const int MoreFragments = 17;
    private const int Vlan = 18;

    private static readonly int[] FirstFragments = [63, 65, 161, 163, 236, 238, 322, 324, 382, 384];
    [Theory]
    [InlineData("100_packets.pcap")]
    [InlineData("100_packetsns.pcap")]
    [InlineData("100_seconds.pcap")]
    [InlineData("100_sll.pcap")]
    [InlineData("100_packets.pcapng")]
    [InlineData("100_packets.erf")]
    [InlineData("5_packets.erf")]
    [InlineData("5_packets.erf.gz")]
    [InlineData("provenance.erf")]
    [InlineData("sll.pcap.gz")]
    [InlineData("legacyeth.gz", "legacyeth:")]
    [InlineData("8021x.pcap")]
    [InlineData("mpls.pcap")]
    [InlineData("vlan.pcap")]
    public void Layers_are_the_oracles(string name, string format = "")
    {
        using CaptureReader reader = CaptureReader.Open(format + TestCaptures.Path(name));
        foreach (string[] row in File.ReadLines(TestCaptures.Path("oracle/" + name + ".tsv")).Skip(1).Select(line => line.Split('\t')))
        {
            Assert.True(reader.TryRead(out Packet packet));
            if (packet.Kind == PacketKind.Packet)
            {
                Correct(name, row);
                Assert.Equal(string.Join(' ', [row[0], .. row[8..15], .. row[16..]]), row[0] + ' ' + Describe(in packet));
            }
        }

        Assert.False(reader.TryRead(out _));
    }

    private static void Correct(string name, string[] row)
    {
        int number = int.Parse(row[0], CultureInfo.InvariantCulture);
        switch (name)
        {
            case "8021x.pcap" when number is 11 or 45:
                row[Vlan] = "-1";
                break;
            case "8021x.pcap" when number is 1 or 35:
                (row[Source], row[Destination]) = ("-", "-");
                break;
            case "vlan.pcap" when row[FragmentOffset] != "0":
                row[Protocol] = "1";
                break;
            case "vlan.pcap" when FirstFragments.Contains(number):
                row[MoreFragments] = "1";
                break;
        }
    }

    private static string Describe(in Packet packet)
    {
        Dissection layers = Dissection.Of(in packet);
        (string source, string destination) = FlowKey.TryGet(in packet, out FlowKey flow)
            ? (flow.Source.ToString(), flow.Destination.ToString())
            : EthernetView.TryRead(packet.Layer2(out _), out EthernetView frame) ? (Mac(frame.Source), Mac(frame.Destination)) : ("-", "-");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{PayloadLength(packet.Data, layers)} {Math.Max(layers.EtherType, 0):x4} {Math.Max(layers.Protocol, 0)} "
            + $"{source} {flow.SourcePort} {destination} {flow.DestinationPort} "
            + $"{Math.Max(layers.FragmentOffset, 0)} {(layers.MoreFragments ? 1 : 0)} {layers.Vlan} {layers.Mpls}");
    }

    /// <summary>As libtrace counts it: how long the payload was on the wire, where the transport's fixed header was captured.</summary>
    private static int PayloadLength(ReadOnlySpan<byte> data, in Dissection layers)
    {
        if (layers.TransportOffset < 0)
        {
            return 0;
        }

        ReadOnlySpan<byte> network = data[layers.NetworkOffset..];
        int length = IPv4View.TryRead(network, out IPv4View ip) ? ip.TotalLength
            : IPv6View.TryRead(network, out IPv6View ip6) ? IPv6View.Bytes + ip6.PayloadLength : 0;
        int header = layers.Protocol switch
        {
            IPProtocols.Tcp when TcpView.TryRead(data[layers.TransportOffset..], out TcpView tcp) => tcp.HeaderLength,
            IPProtocols.Udp or IPProtocols.Icmp => UdpView.Bytes,
            _ => int.MaxValue,
        };
        return Math.Max(0, length - (layers.TransportOffset - layers.NetworkOffset) - header);
    }

    private static string Mac(ReadOnlySpan<byte> address) => Convert.ToHexStringLower(address).Chunk(2).Select(pair => new string(pair))
        .Aggregate((left, right) => $"{left}:{right}");
}
