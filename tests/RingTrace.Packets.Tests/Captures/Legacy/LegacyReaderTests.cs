using RingTrace.Formats.Tests;
using RingTrace.Packets.Captures;
using Xunit;

namespace RingTrace.Packets.Tests.Captures.Legacy;

/// <summary>The formats of old that can't be told by their first bytes.</summary>
public class LegacyReaderTests
{
    private const int LegacyBytes = 64;

    private static readonly byte[] Time = BitConverter.GetBytes(0x4148d781_002f4700UL);

    [Fact]
    public void Atm_is_cells_behind_a_time_and_a_check_sequence()
    {
        byte[] cell = [.. Enumerable.Range(1, 48).Select(i => (byte)i)];
        HeldPacket held = Single([.. Time, 9, 9, 9, 9, 0xEE, 0xEE, 0xEE, 0xEE, .. cell], CaptureFormat.LegacyAtm);
        Assert.Equal((LinkType.AtmRfc1483, 53u, 0x4148d781_002f4700UL), (held.Packet.LinkType, held.Packet.WireLength, held.Packet.ErfTime));
        Assert.Equal(cell, held.Packet.Data);
    }

    [Fact]
    public void Pos_is_packets_behind_a_time_losses_and_a_length()
    {
        byte[] data = [.. Enumerable.Range(1, 48).Select(i => (byte)i)];
        byte[] record = [.. Time, 0, 0, 0, 48, 0, 5, 1, 0x2C, .. data];
        using CaptureReader reader = TestCaptures.Open(record, CaptureFormat.LegacyPos);
        HeldPacket held = Assert.Single(TestCaptures.ReadAll(reader).Records);
        Assert.Equal((LinkType.PppHdlc, 300u, 1095292801000721395L), (held.Packet.LinkType, held.Packet.WireLength, held.Packet.TimeNs));
        Assert.Equal(data, held.Packet.Data);
        Assert.Equal(5, reader.Lost);
    }

    [Fact]
    public void A_legacy_packet_that_is_shorter_than_its_record_ends_where_it_ended()
    {
        HeldPacket held = Single([.. Time, 20, 0, .. new byte[LegacyBytes - 10]], CaptureFormat.LegacyEthernet);
        Assert.Equal((20, 20u), (held.Packet.CapturedLength, held.Packet.WireLength));
    }

    [Fact]
    public void Tsh_is_ip_headers_with_the_interface_beside_the_microseconds()
    {
        byte[] ip = new ByteBuilder(bigEndian: true).U8(0x45).U8(0).U16(1500).Raw(new byte[32]).ToArray();
        byte[] record = new ByteBuilder(bigEndian: true).U32(1_000_000_000).U32((1u << 24) | 999_999).Raw(ip).ToArray();
        using CaptureReader reader = TestCaptures.Open(record, CaptureFormat.Tsh);
        HeldPacket held = Assert.Single(TestCaptures.ReadAll(reader).Records);
        Assert.Equal((LinkType.Raw, 1500u, 1_000_000_000_999_999_000L), (held.Packet.LinkType, held.Packet.WireLength, held.Packet.TimeNs));
        Assert.Equal((PacketDirection.Inbound, 1), (held.Packet.Direction, held.Packet.Interface));
        Assert.Equal(ip, held.Packet.Data);
    }

    [Theory]
    [InlineData(13, 112)]
    [InlineData(14, 84)]
    public void Duck_holds_clock_records_and_no_packets(byte version, int length)
    {
        using CaptureReader reader = TestCaptures.Open([version, 0, 0, 0, .. new byte[length * 3]], CaptureFormat.Duck);
        var (records, damage) = TestCaptures.ReadAll(reader);
        Assert.Null(damage);
        Assert.Equal(3, records.Count);
        Assert.All(records, record => Assert.Equal((PacketKind.Meta, length), (record.Packet.Kind, record.Packet.CapturedLength)));
    }

    [Fact]
    public void A_duck_version_that_there_is_not_is_an_error() =>
        Assert.Contains("here is 15", Assert.Throws<CaptureException>(
            () => TestCaptures.Open([15, 0, 0, 0], CaptureFormat.Duck)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(CaptureFormat.Tsh)]
    [InlineData(CaptureFormat.LegacyAtm)]
    [InlineData(CaptureFormat.LegacyEthernet)]
    [InlineData(CaptureFormat.LegacyPos)]
    public void A_cut_record_is_damage(CaptureFormat format)
    {
        var (records, damage) = TestCaptures.ReadAll(TestCaptures.Open(new byte[(LegacyBytes * 11) + 1], format));
        Assert.Equal(format == CaptureFormat.Tsh ? 16 : 11, records.Count);
        Assert.Equal(LegacyBytes * 11, damage?.Offset);
    }

    private static HeldPacket Single(byte[] record, CaptureFormat format) =>
        Assert.Single(TestCaptures.ReadAll(TestCaptures.Open(record, format)).Records);
}
