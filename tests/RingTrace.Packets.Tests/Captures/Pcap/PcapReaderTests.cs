using RingTrace.Formats.Tests;
using RingTrace.Packets.Captures;
using Xunit;

namespace RingTrace.Packets.Tests.Captures.Pcap;

public class PcapReaderTests
{
    private static readonly byte[] Data = [.. Enumerable.Range(1, 20).Select(i => (byte)i)];

    [Theory]
    [InlineData(0xA1B2C3D4, 1_700_000_000_000_123_000)]
    [InlineData(0xA1B23C4D, 1_700_000_000_000_000_123)]
    public void Both_units_of_time_are_read_in_both_byte_orders(uint magic, long expected)
    {
        foreach (bool bigEndian in (bool[])[false, true])
        {
            byte[] file = [.. Header(magic, bigEndian), .. Record(bigEndian).Raw(Data).ToArray()];
            using CaptureReader reader = TestCaptures.Open(file);
            HeldPacket held = Assert.Single(TestCaptures.ReadAll(reader).Records);
            Assert.Equal((expected, 60u, LinkType.Ethernet), (held.Packet.TimeNs, held.Packet.WireLength, held.Packet.LinkType));
            Assert.Equal(Data, held.Packet.Data);
            CaptureInterface about = Assert.Single(reader.Interfaces);
            Assert.Equal((bigEndian, 65535u), (about.IsBigEndian, about.SnapLength));
            Assert.Equal(file.AsSpan(0, 24), about.Record.Span);
        }
    }

    [Theory]
    [InlineData(0, PacketDirection.Inbound)]
    [InlineData(3, PacketDirection.Other)]
    [InlineData(4, PacketDirection.Outbound)]
    public void Kuznetzovs_variant_says_which_way_a_packet_went(byte packetType, PacketDirection expected)
    {
        byte[] record = Record(false).U32(2).U16(0x0800).U8(packetType).U8(0).Raw(Data).ToArray();
        using CaptureReader reader = TestCaptures.Open([.. Header(0xA1B2CD34, false), .. record, .. record]);
        var (records, damage) = TestCaptures.ReadAll(reader);
        Assert.Null(damage);
        Assert.Equal([expected, expected], records.Select(held => held.Packet.Direction));
        Assert.All(records, held => Assert.Equal(Data, held.Packet.Data));
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(3, false)]
    public void Old_files_have_the_lengths_the_other_way_round(ushort minorVersion, bool swapped)
    {
        using CaptureFolder folder = new();
        foreach (bool bigEndian in (bool[])[false, true])
        {
            byte[] record = new ByteBuilder(bigEndian).U32(1_700_000_000).U32(123)
                .U32(swapped ? 60 : (uint)Data.Length).U32(swapped ? (uint)Data.Length : 60).Raw(Data).ToArray();
            byte[] header = new ByteBuilder(bigEndian).U32(0xA1B2C3D4).U16(2).U16(minorVersion).U32(0).U32(0).U32(65535).U32(1).ToArray();
            string file = folder.Path($"{bigEndian}.pcap");
            File.WriteAllBytes(file, [.. header, .. record, .. record]);
            IReadOnlyList<HeldPacket> packets = CaptureFolder.Packets(file);
            Assert.Equal([(20, 60u), (20, 60u)], packets.Select(held => (held.Packet.CapturedLength, held.Packet.WireLength)));
            Assert.All(packets, held => Assert.Equal(Data, held.Packet.Data));
            TestCaptures.AssertTsharkAgrees(file, packets);

            // With files of today's version they make one of today's.
            string merged = folder.Path("merged.pcap");
            using CaptureReader today = TestCaptures.Open([.. Header(0xA1B2C3D4, bigEndian), .. Record(bigEndian).Raw(Data).ToArray()]);
            using CaptureReader old = CaptureReader.Open(file);
            using CaptureMerge merge = new([today, old]);
            using CaptureWriter writer = CaptureWriter.Create(merged, CaptureFormat.Pcap);
            writer.Begin(today);
            writer.Begin(old);
            while (merge.TryRead(out Packet packet, out CaptureReader source))
            {
                writer.Write(packet, source);
            }

            writer.Complete();
            Assert.Equal([(20, 60u), (20, 60u), (20, 60u)],
                CaptureFolder.Packets(merged).Select(held => (held.Packet.CapturedLength, held.Packet.WireLength)));
        }
    }

    [Fact]
    public void What_is_no_pcap_header_is_refused()
    {
        byte[] version = Header(0xA1B2C3D4, false);
        version[4] = 3;
        Assert.Contains("pcap of version 3", Assert.Throws<CaptureException>(() => TestCaptures.Open(version)).Message, StringComparison.Ordinal);
        Assert.Contains("begins with 24 bytes, 23", Assert.Throws<CaptureException>(
            () => TestCaptures.Open(Header(0xA1B2C3D4, false)[..23])).Message, StringComparison.Ordinal);
    }

    private static byte[] Header(uint magic, bool bigEndian) =>
        new ByteBuilder(bigEndian).U32(magic).U16(2).U16(4).U32(0).U32(0).U32(65535).U32(1).ToArray();

    private static ByteBuilder Record(bool bigEndian) =>
        new ByteBuilder(bigEndian).U32(1_700_000_000).U32(123).U32((uint)Data.Length).U32(60);
}
