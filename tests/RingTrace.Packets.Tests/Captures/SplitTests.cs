using RingTrace.Packets.Captures;
using Xunit;

namespace RingTrace.Packets.Tests.Captures;

public sealed class SplitTests : IDisposable
{
    private readonly CaptureFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("100_packets.pcap", CaptureFormat.Pcap)]
    [InlineData("100_packets.pcapng", CaptureFormat.Pcapng)]
    [InlineData("100_packets.erf", CaptureFormat.Erf)]
    public void Parts_of_so_many_packets_are_whole_captures_and_together_the_source(string name, CaptureFormat format)
    {
        IReadOnlyList<CapturePart> parts = Split(name, format, new CaptureSplitRule { MostPackets = 30 });
        Assert.Equal([30, 30, 30, 10], parts.Select(part => part.Packets));
        AssertTogether(name, parts);
    }

    [Theory]
    [InlineData("vlan.pcap", CaptureFormat.Pcap)]
    [InlineData("100_packets.pcapng", CaptureFormat.Pcapng)]
    public void No_part_is_longer_than_so_many_bytes(string name, CaptureFormat format)
    {
        const int most = 5_000;
        IReadOnlyList<CapturePart> parts = Split(name, format, new CaptureSplitRule { MostBytes = most });
        Assert.All(parts, part => Assert.InRange(new FileInfo(part.Path).Length, 1, most));
        Assert.All(parts, part => Assert.Equal(part.Bytes, new FileInfo(part.Path).Length));
        AssertTogether(name, parts);
    }

    [Fact]
    public void A_part_is_a_stretch_of_time_from_the_first_packet()
    {
        const long interval = 10_000_000_000;
        IReadOnlyList<CapturePart> parts = Split("100_seconds.pcap", CaptureFormat.Pcap, new CaptureSplitRule { IntervalNs = interval });
        long origin = CaptureFolder.Packets(parts[0].Path)[0].Packet.TimeNs;
        long[] stretches = [.. parts.Select(part => Assert.Single(
            CaptureFolder.Packets(part.Path).Select(packet => (packet.Packet.TimeNs - origin) / interval).Distinct()))];
        Assert.Equal(stretches.Distinct().Order(), stretches);
        Assert.True(parts.Count > 5);
        AssertTogether("100_seconds.pcap", parts);
    }

    [Fact]
    public void A_source_without_packets_is_one_part()
    {
        IReadOnlyList<CapturePart> parts = Split("provenance.erf", CaptureFormat.Erf, new CaptureSplitRule { MostPackets = 1 });
        Assert.Equal(TestCaptures.Bytes("provenance.erf"), File.ReadAllBytes(Assert.Single(parts).Path));
    }

    private IReadOnlyList<CapturePart> Split(string name, CaptureFormat format, CaptureSplitRule rule)
    {
        using CaptureReader reader = CaptureReader.Open(TestCaptures.Path(name));
        using CaptureSplit split = new(reader, part => _folder.Path($"part-{part:D5}"), format, rule);
        while (reader.TryRead(out Packet packet))
        {
            split.Write(packet);
        }

        split.Complete();
        Assert.Equal(split.Parts.Count, _folder.Names.Length);
        return split.Parts;
    }

    private static void AssertTogether(string name, IReadOnlyList<CapturePart> parts)
    {
        CaptureFolder.AssertSame(CaptureFolder.Packets(TestCaptures.Path(name)), [.. parts.SelectMany(part => CaptureFolder.Packets(part.Path))]);
        CaptureFolder.AssertReadByOthers(parts[^1].Path, (int)parts[^1].Packets);
    }
}
