using System.Globalization;
using RingTrace.Packets.Captures;
using Xunit;

namespace RingTrace.Packets.Tests.Captures;

/// <summary>Real captures, judged record by record by what libtrace says about them.</summary>
public class OracleTests
{
    /// <summary>libtrace counts a frame check sequence that the file does not, in all formats but ERF and in all files but one.</summary>
    private const int FrameCheckBytes = 4;

    /// <summary>
    /// libtrace takes the whole record of a legacy Ethernet capture for what was captured. It is wrong: the time and the length,
    /// ten bytes, are no part of the packet.
    /// </summary>
    private const int LegacyHeaderBytes = 10;

    [Theory]
    [InlineData("100_packets.pcap", CaptureFormat.Pcap, FrameCheckBytes)]
    [InlineData("100_packetsns.pcap", CaptureFormat.Pcap, FrameCheckBytes)]
    [InlineData("100_seconds.pcap", CaptureFormat.Pcap, FrameCheckBytes)]
    [InlineData("8021x.pcap", CaptureFormat.Pcap, FrameCheckBytes)]
    [InlineData("mpls.pcap", CaptureFormat.Pcap, FrameCheckBytes)]
    [InlineData("vlan.pcap", CaptureFormat.Pcap, FrameCheckBytes)]
    [InlineData("100_sll.pcap", CaptureFormat.Pcap, FrameCheckBytes)]
    [InlineData("sll.pcap.gz", CaptureFormat.Pcap)]
    [InlineData("100_packets.pcapng", CaptureFormat.Pcapng, FrameCheckBytes)]
    [InlineData("100_packets.erf", CaptureFormat.Erf)]
    [InlineData("5_packets.erf", CaptureFormat.Erf)]
    [InlineData("5_packets.erf.gz", CaptureFormat.Erf)]
    [InlineData("provenance.erf", CaptureFormat.Erf)]
    [InlineData("legacyeth:legacyeth.gz", CaptureFormat.LegacyEthernet, FrameCheckBytes, LegacyHeaderBytes)]
    public void Every_record_is_the_oracles(string uri, CaptureFormat format, int moreWire = 0, int moreCaptured = 0)
    {
        string name = uri.Split(':')[^1];
        using CaptureReader reader = CaptureReader.Open(uri.Replace(name, TestCaptures.Path(name), StringComparison.Ordinal));
        Assert.Equal(format, reader.Format);
        long packets = 0;
        foreach (string[] row in File.ReadLines(TestCaptures.Path("oracle/" + name + ".tsv")).Skip(1).Select(line => line.Split('\t')))
        {
            Assert.True(reader.TryRead(out Packet packet));
            bool isMeta = row[1] == "1";
            Assert.Equal(isMeta ? PacketKind.Meta : PacketKind.Packet, packet.Kind);
            Assert.Equal(isMeta ? 0 : ++packets, packet.Number);
            Assert.Equal(Direction(row[3]), packet.Direction);
            Assert.Equal(long.Parse(row[4], CultureInfo.InvariantCulture), packet.TimeNs);
            Assert.Equal(row[5], packet.ErfTime.ToString("x16", CultureInfo.InvariantCulture));
            if (isMeta && format == CaptureFormat.Pcapng)
            {
                // What libtrace says of such a block's length is neither the block's nor its body's.
                continue;
            }

            Assert.Equal(int.Parse(row[6], CultureInfo.InvariantCulture), packet.CapturedLength + moreCaptured);
            Assert.Equal(packet.CapturedLength, packet.Data.Length);
            Assert.Equal(uint.Parse(row[7], CultureInfo.InvariantCulture), packet.WireLength + (uint)moreWire);
            Assert.True(isMeta || packet.LinkType == (row[2] == "6" ? LinkType.LinuxSll : LinkType.Ethernet));
        }

        Assert.False(reader.TryRead(out _));
    }

    [Theory]
    [InlineData("100_packetsns.pcap")]
    [InlineData("8021x.pcap")]
    [InlineData("vlan.pcap")]
    [InlineData("sll.pcap.gz")]
    [InlineData("100_packets.pcapng")]
    [InlineData("100_packets.erf")]
    [InlineData("5_packets.erf.gz")]
    public void Tshark_counts_the_same_packets_with_the_same_times_and_lengths(string name)
    {
        using CaptureReader reader = CaptureReader.Open(TestCaptures.Path(name));
        TestCaptures.AssertTsharkAgrees(
            TestCaptures.Path(name), TestCaptures.ReadAll(reader).Records, erfTimes: reader.Format == CaptureFormat.Erf);
    }

    private static PacketDirection Direction(string oracle) => oracle switch
    {
        "0" => PacketDirection.Outbound,
        "1" => PacketDirection.Inbound,
        _ => PacketDirection.Unknown,
    };
}
