using System.Buffers.Binary;
using RingTrace.Formats.Tests;
using RingTrace.Packets.Captures;
using Xunit;

namespace RingTrace.Packets.Tests.Captures.Erf;

public sealed class ErfReaderTests : IDisposable
{
    private const ulong Time = 0x4148d781_002f4700;

    private readonly string _folder = Directory.CreateTempSubdirectory("ringtrace-erf").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1, LinkType.PppHdlc, 0, 3)]
    [InlineData(2, LinkType.Ethernet, 2, 3)]
    [InlineData(3, LinkType.AtmRfc1483, 4, 3)]
    [InlineData(5, LinkType.PppHdlc, 4, 3)]
    [InlineData(7, LinkType.AtmRfc1483, 8, 3)]
    [InlineData(10, LinkType.PppHdlc, 0, 0)]
    [InlineData(11, LinkType.Ethernet, 2, 0)]
    [InlineData(16, LinkType.Ethernet, 2, 0)]
    [InlineData(20, LinkType.Ethernet, 2, 0)]
    [InlineData(21, LinkType.InfiniBand, 0, 3)]
    [InlineData(22, LinkType.IPv4, 0, 3)]
    [InlineData(23, LinkType.IPv6, 0, 3)]
    public void A_record_of_each_type_is_what_the_type_says(int type, LinkType link, int before, int lost)
    {
        for (int extensions = 0; extensions <= 3; extensions++)
        {
            byte[] body = [.. Enumerable.Range(0, before).Select(_ => (byte)0xEE), .. Enumerable.Range(1, 50).Select(i => (byte)i)];
            using CaptureReader reader = TestCaptures.Open(Record(type, 1, 3, 46, body, extensions), CaptureFormat.Erf);
            HeldPacket held = Assert.Single(TestCaptures.ReadAll(reader).Records);
            Assert.Equal(link, held.Packet.LinkType);
            Assert.Equal(body.AsSpan(before, 46), held.Packet.Data);
            Assert.Equal(46u, held.Packet.WireLength);
            Assert.Equal(Time, held.Packet.ErfTime);
            Assert.Equal(1095292801000721395, held.Packet.TimeNs);
            Assert.Equal(PacketDirection.Inbound, held.Packet.Direction);
            Assert.Equal((1, 2), (held.Packet.Interface, reader.Interfaces.Count));
            Assert.Equal(lost, reader.Lost);
        }
    }

    [Theory]
    [InlineData(6)]
    [InlineData(12)]
    [InlineData(24)]
    public void A_type_without_a_link_type_of_its_own_is_given_whole(int type)
    {
        byte[] record = Record(type, 0, 0, 20, new byte[24], 1);
        using CaptureReader reader = TestCaptures.Open(record, CaptureFormat.Erf);
        HeldPacket held = Assert.Single(TestCaptures.ReadAll(reader).Records);
        Assert.Equal((PacketKind.Packet, LinkType.Erf), (held.Packet.Kind, held.Packet.LinkType));
        Assert.Equal(record, held.Packet.Data);
    }

    [Theory]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(27)]
    [InlineData(48)]
    public void What_is_no_packet_is_a_meta_record(int type)
    {
        using CaptureReader reader = TestCaptures.Open(Record(type, 0, 9, 20, new byte[24], 1), CaptureFormat.Erf);
        HeldPacket held = Assert.Single(TestCaptures.ReadAll(reader).Records);
        Assert.Equal((PacketKind.Meta, 0L, 24), (held.Packet.Kind, held.Packet.Number, held.Packet.CapturedLength));
        Assert.Equal(0, reader.Lost);
    }

    [Fact]
    public void Tshark_reads_the_same_times_and_lengths()
    {
        string path = Path.Combine(_folder, "made.erf");
        byte[] bytes = [.. Enumerable.Range(0, 40).SelectMany(i => Record(2, i & 3, i, 60 + i, new byte[2 + 40 + (i % 24)], i % 3))];
        File.WriteAllBytes(path, bytes);
        using CaptureReader reader = CaptureReader.Open(path);
        var (records, damage) = TestCaptures.ReadAll(reader);
        Assert.Null(damage);
        TestCaptures.AssertTsharkAgrees(path, records, erfTimes: true);
    }

    [Fact]
    public void Damage_is_told_with_its_place_after_all_that_came_before_it()
    {
        byte[] good = Record(2, 0, 0, 60, new byte[62], 0);
        byte[] tooShort = Record(2, 0, 0, 60, new byte[62], 0);
        BinaryPrimitives.WriteUInt16BigEndian(tooShort.AsSpan(10), 15);
        byte[] endless = Record(2, 0, 0, 60, [.. Enumerable.Repeat((byte)0xFF, 64)], 1);
        endless.AsSpan(16).Fill(0xFF);
        Dictionary<string, byte[]> damages = new(StringComparer.Ordinal)
        {
            ["an ERF record of 15 bytes"] = tooShort,
            ["the headers of an ERF record of type 2"] = endless,
            ["the capture ends inside a record"] = good[..^1],
        };
        foreach ((string problem, byte[] bad) in damages)
        {
            var (records, damage) = TestCaptures.ReadAll(TestCaptures.Open([.. good, .. bad], CaptureFormat.Erf));
            Assert.Single(records);
            Assert.Equal(good.Length, damage?.Offset);
            Assert.Contains(problem, damage?.Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Record(int type, int port, int lost, int wire, byte[] body, int extensions)
    {
        ByteBuilder record = new(bigEndian: true);
        byte[] time = BitConverter.GetBytes(Time);
        record.Raw(time).U8((byte)(type | (extensions > 0 ? 0x80 : 0))).U8((byte)(port | 4));
        record.U16((ushort)(16 + (8 * extensions) + body.Length)).U16((ushort)lost).U16((ushort)wire);
        for (int i = 1; i <= extensions; i++)
        {
            record.Raw([(byte)(5 | (i < extensions ? 0x80 : 0)), 0, 0, 0, 0, 0, 0, 0]);
        }

        return record.Raw(body).ToArray();
    }
}
