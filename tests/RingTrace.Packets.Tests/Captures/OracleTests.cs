using System.Globalization;
using RingTrace.Packets.Captures;
using Xunit;

namespace RingTrace.Packets.Tests.Captures;

/// <summary>Real captures, judged packet by packet by what libtrace says about them.</summary>
public class OracleTests
{
    private const int FrameCheckBytes = 4;

    [Theory]
    [InlineData("100_packets.pcap")]
    [InlineData("100_packetsns.pcap")]
    [InlineData("100_seconds.pcap")]
    [InlineData("8021x.pcap")]
    [InlineData("mpls.pcap")]
    [InlineData("vlan.pcap")]
    public void Times_and_lengths_are_the_oracles(string name)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "Data", "libtrace");
        using CaptureReader reader = CaptureReader.Open(Path.Combine(folder, name));
        foreach (string[] row in File.ReadLines(Path.Combine(folder, "oracle", name + ".tsv")).Skip(1).Select(line => line.Split('\t')))
        {
            Assert.True(reader.TryRead(out Packet packet));
            Assert.Equal(row[0], packet.Number.ToString(CultureInfo.InvariantCulture));
            Assert.Equal(row[4], packet.TimeNs.ToString(CultureInfo.InvariantCulture));
            Assert.Equal(row[5], packet.ErfTime.ToString("x16", CultureInfo.InvariantCulture));
            Assert.Equal(row[6], packet.CapturedLength.ToString(CultureInfo.InvariantCulture));
            Assert.Equal(row[7], (packet.WireLength + FrameCheckBytes).ToString(CultureInfo.InvariantCulture));
        }

        Assert.False(reader.TryRead(out _));
    }
}
