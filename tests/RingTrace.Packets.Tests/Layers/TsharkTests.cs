using System.Globalization;
using RingTrace.Packets.Layers;
using RingTrace.Packets.Layers.Checksums;
using RingTrace.Packets.Tests.Making;
using Xunit;

namespace RingTrace.Packets.Tests.Layers;

/// <summary>A packet of every decoder, judged by tshark.</summary>
public class TsharkTests
{
    private static readonly string[] Fields =
    [
        "frame.protocols", "vlan.id", "ieee8021ad.id", "mpls.label", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "ip.proto",
        "tcp.srcport", "tcp.dstport", "udp.srcport", "udp.dstport", "sctp.srcport", "sctp.dstport", "dccp.srcport", "dccp.dstport",
        "ip.frag_offset", "ip.flags.mf", "ipv6.fraghdr.offset", "ipv6.fraghdr.more",
        "ip.checksum.status", "tcp.checksum.status", "udp.checksum.status", "icmp.checksum.status", "icmpv6.checksum.status", "sctp.checksum.status",
    ];

    private static readonly string[] Options =
    [
        "ip.defragment:FALSE", "ipv6.defragment:FALSE", "ip.check_checksum:TRUE", "tcp.check_checksum:TRUE", "udp.check_checksum:TRUE",
        "sctp.checksum:CRC 32c",
    ];

    /// <summary>Labels do not say what is behind them; tshark has to be told where it is Ethernet.</summary>
    private static readonly string[] Labels = ["mpls.label==19,pwethcw", "mpls.label==20,pwethnocw"];

    public static TheoryData<LinkType> LinkTypes => [.. MadePackets.All.Select(packet => packet.Link).Distinct()];

    [Theory]
    [MemberData(nameof(LinkTypes))]
    public void Every_layer_is_found_as_tshark_finds_it(LinkType link)
    {
        byte[][] packets = [.. MadePackets.All.Where(packet => packet.Link == link).Select(packet => packet.Data)];
        string[] ours = [.. packets.Select(packet => Describe(packet, link))];
        string[] theirs = [.. Judged(link, packets).Select(Describe)];
        Assert.Equal(theirs, ours);
    }

    [Fact]
    public void Checksums_are_as_tshark_finds_them()
    {
        byte[][] good = [.. MadePackets.All.Where(packet => packet.Link == LinkType.Ethernet).Select(packet => packet.Data)];
        byte[][] bad = [.. good.Select(packet => Spoiled(packet))];
        byte[][] mended = [.. bad.Select(packet => Mended(packet))];
        byte[][] all = [.. good, .. bad, .. mended];
        string[] ours = [.. all.Select(Checksums)];
        string[] theirs = [.. Judged(LinkType.Ethernet, all).Select(Checksums)];
        Assert.Equal(theirs, ours);
    }

    /// <summary>
    /// The packet with a bit turned in the checksum of its outermost IP header and transport. Not in fragments: of those with a
    /// wrong IP checksum tshark says other things.
    /// </summary>
    private static byte[] Spoiled(byte[] packet)
    {
        byte[] spoiled = [.. packet];
        Dissection layers = Dissection.Of(spoiled, LinkType.Ethernet);
        if (layers.FragmentOffset >= 0)
        {
            return spoiled;
        }

        if (layers.IPVersion == 4)
        {
            spoiled[layers.NetworkOffset + 10] ^= 0x10;
        }

        int field = layers.Protocol switch { 6 => 16, 17 => 6, 132 => 8, _ => 2 };
        if (layers.TransportOffset >= 0 && layers.Protocol is 1 or 6 or 17 or 58 or 132)
        {
            spoiled[layers.TransportOffset + field] ^= 0x10;
        }

        return spoiled;
    }

    private static byte[] Mended(byte[] packet)
    {
        byte[] mended = [.. packet];
        Dissection layers = Dissection.Of(mended, LinkType.Ethernet);
        PacketChecksums.MendNetwork(mended, in layers);
        PacketChecksums.MendTransport(mended, in layers);
        return mended;
    }

    private static string Checksums(byte[] data)
    {
        Dissection layers = Dissection.Of(data, LinkType.Ethernet);
        ChecksumState transport = PacketChecksums.VerifyTransport(data, in layers);

        // In fragments tshark looks at no transport at all.
        bool passed = layers.FragmentOffset > 0 || layers.MoreFragments;
        Assert.True(!passed || transport is ChecksumState.Unknown);
        return $"{PacketChecksums.VerifyNetwork(data, in layers)} {(passed ? ChecksumState.Absent : transport)}";
    }

    private static string Checksums(Dictionary<string, string[]> fields)
    {
        string[] protocols = fields["frame.protocols"][0].Split(':');
        int ip = Array.FindIndex(protocols, protocol => protocol is "ip" or "ipv6");
        string? transport = protocols.Skip(ip + 1).TakeWhile(protocol => protocol is not ("ip" or "ipv6" or "gre" or "mpls"))
            .FirstOrDefault(protocol => protocol is "tcp" or "udp" or "icmp" or "icmpv6" or "sctp");
        return $"{State(ip < 0 ? "none" : protocols[ip])} {State(transport ?? "none")}";

        string State(string protocol) => fields.GetValueOrDefault($"{protocol}.checksum.status")?.FirstOrDefault() switch
        {
            "0" => "Wrong",
            "1" => "Right",
            "2" => "Unknown",
            _ => "Absent",
        };
    }

    private static string Describe(byte[] data, LinkType link)
    {
        Dissection outer = Dissection.Of(data, link);
        Dissection inner = outer.Innermost(data);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"vlan {outer.Vlan} mpls {outer.Mpls} protocol {(outer.IPVersion == 4 ? outer.Protocol : -1)} "
            + $"fragment {outer.FragmentOffset} {outer.MoreFragments} outer {Flow(data, outer)} inner {Flow(data, inner)}");
    }

    private static string Flow(byte[] data, in Dissection layers) =>
        FlowKey.TryGet(data, in layers, out FlowKey key) ? $"{key.Source} {key.SourcePort} {key.Destination} {key.DestinationPort}" : "none";

    /// <summary>tshark's fields of each packet; a field that occurs several times has several values.</summary>
    private static IEnumerable<Dictionary<string, string[]>> Judged(LinkType link, byte[][] packets)
    {
        string file = Path.Combine(Path.GetTempPath(), $"ringtrace-{Guid.NewGuid():N}.pcap");
        File.WriteAllBytes(file, MadeCaptures.Pcap(link, packets));
        try
        {
            (string output, _) = Judge.Run(
                "tshark",
                ["-n", "-r", file, "-T", "fields", .. Options.SelectMany(option => (string[])["-o", option]),
                    .. Labels.SelectMany(label => (string[])["-d", label]), .. Fields.SelectMany(field => (string[])["-e", field])]);
            string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(packets.Length, lines.Length);
            return [.. lines.Select(line => Fields.Zip(line.Split('\t')).ToDictionary(
                pair => pair.First, pair => pair.Second.Split(',', StringSplitOptions.RemoveEmptyEntries)))];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Describe(Dictionary<string, string[]> fields)
    {
        List<string> flows = [];
        Dictionary<string, int> seen = [];
        string[] protocols = fields["frame.protocols"][0].Split(':');
        foreach (string protocol in protocols)
        {
            if (protocol is "ip" or "ipv6")
            {
                flows.Add($"{Next(protocol, "src")} 0 {Next(protocol, "dst")} 0");
            }
            else if (protocol is "tcp" or "udp" or "udplite" or "sctp" or "dccp")
            {
                string[] last = flows[^1].Split(' ');
                string fieldsOf = protocol == "udplite" ? "udp" : protocol;
                flows[^1] = $"{last[0]} {Next(fieldsOf, "srcport")} {last[2]} {Next(fieldsOf, "dstport")}";
            }
            else if (protocol is "icmp" or "icmpv6")
            {
                break;
            }
        }

        // Offsets are in units of eight bytes; tags and labels count before the outermost IP alone.
        bool six = flows.Count > 0 && flows[0].Contains(':', StringComparison.Ordinal);
        int offset = int.Parse(First(six ? "ipv6.fraghdr.offset" : "ip.frag_offset") ?? "-1", CultureInfo.InvariantCulture);
        bool more = First(six ? "ipv6.fraghdr.more" : "ip.flags.mf") == "1";
        int fragment = offset > 0 ? offset * 8 : offset == 0 && (more || six) ? 0 : -1;
        string[] before = [.. protocols.TakeWhile(protocol => protocol is not ("ip" or "ipv6"))];
        string vlan = (before.Contains("ieee8021ad") ? First("ieee8021ad.id") : before.Contains("vlan") ? First("vlan.id") : null) ?? "-1";
        return $"vlan {vlan} mpls {(before.Contains("mpls") ? First("mpls.label") : null) ?? "-1"} "
            + $"protocol {(six ? null : First("ip.proto")) ?? "-1"} "
            + $"fragment {fragment} {more} outer {flows.FirstOrDefault() ?? "none"} inner {flows.LastOrDefault() ?? "none"}";

        string? First(string field) => fields[field].FirstOrDefault();

        string Next(string protocol, string field)
        {
            string name = $"{protocol}.{field}";
            int index = seen.GetValueOrDefault(name);
            seen[name] = index + 1;
            return fields[name][index];
        }
    }
}
