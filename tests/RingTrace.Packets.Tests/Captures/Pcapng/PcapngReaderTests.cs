using RingTrace.Packets.Captures;
using RingTrace.Packets.Captures.Pcapng;
using Xunit;

namespace RingTrace.Packets.Tests.Captures.Pcapng;

public sealed class PcapngReaderTests : IDisposable
{
    private const ulong Microseconds = 1_700_000_000_123_456;

    /// <summary>A broadcast that says nothing; as long as an Ethernet header, and a bit.</summary>
    private static readonly byte[] Frame = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2, 0, 0, 0, 0, 1, 0x88, 0xB5, 1, 2, 3];

    private readonly string _folder = Directory.CreateTempSubdirectory("ringtrace-pcapng").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_block_is_read_in_the_order_of_the_file_and_tshark_agrees(bool bigEndian)
    {
        PcapngMaker make = new(bigEndian);
        byte[] file =
        [
            .. make.Section(),
            .. make.Interface(LinkType.Ethernet, 65535, make.Option(2, [.. "eth0"u8]), make.Option(3, [.. "the first"u8])),
            .. make.Interface(LinkType.Ethernet, 0, make.Option(9, [9])),
            .. make.Interface(LinkType.Ethernet, 0, make.Option(9, [0x80 | 20]), make.Option(14, 1_700_000_000UL)),
            .. make.Enhanced(0, Microseconds, Frame, 100, make.Option(1, [.. "a comment"u8]), make.Option(2, 1u)),
            .. make.Enhanced(1, 1_700_000_001_123_456_789, Frame, 17, make.Option(2, 2u)),
            .. make.Enhanced(2, (2 << 20) + (1 << 19), Frame, 17),
            .. make.Block(4, b => b.U16(0).U16(0)),
            .. make.Obsolete(1, 3, 1_700_000_003_000_000_001, Frame),
            .. make.Simple(Frame, 17),
            .. make.Block(0xBAD, b => b.U32(32473).Raw([1, 2, 3, 4])),
            .. make.Block(10, b => b.U32(0x544C534B).U32(4).Raw([.. "key\n"u8])),
            .. make.Statistics(0, Microseconds, make.Option(5, 7UL), make.Option(7, 2UL)),
            .. make.Statistics(0, Microseconds, make.Option(5, 11UL)),
            .. new PcapngMaker(!bigEndian).Section(),
            .. new PcapngMaker(!bigEndian).Interface(LinkType.Raw, 0),
            .. new PcapngMaker(!bigEndian).Enhanced(0, Microseconds + 9_000_000, [0x45, 0, 0, 20, .. new byte[16]], 20),
        ];
        using CaptureReader reader = TestCaptures.Open(file);
        var (records, damage) = TestCaptures.ReadAll(reader);
        Assert.Null(damage);
        Assert.Equal(file, records.SelectMany(record => record.Packet.Record.ToArray()));
        Assert.Equal(
            "mmmmPPPmPPmmmmmmP", string.Concat(records.Select(record => record.Packet.Kind == PacketKind.Packet ? 'P' : 'm')));
        HeldPacket[] packets = [.. records.Where(record => record.Packet.Kind == PacketKind.Packet)];
        Assert.Equal(
            [1_700_000_000_123_456_000, 1_700_000_001_123_456_789, 1_700_000_002_500_000_000, 1_700_000_003_000_000_001, 0,
                1_700_000_009_123_456_000],
            packets.Select(packet => packet.Packet.TimeNs));
        Assert.Equal([100u, 17u, 17u, 17u, 17u, 20u], packets.Select(packet => packet.Packet.WireLength));
        Assert.Equal([0, 1, 2, 1, 0, 3], packets.Select(packet => packet.Packet.Interface));
        Assert.Equal(
            [PacketDirection.Inbound, PacketDirection.Outbound, .. Enumerable.Repeat(PacketDirection.Unknown, 4)],
            packets.Select(packet => packet.Packet.Direction));
        Assert.All(packets[..^1], packet => Assert.Equal(Frame, packet.Packet.Data));
        Assert.Equal(LinkType.Raw, packets[^1].Packet.LinkType);
        Assert.Equal(3 + 11, reader.Lost);
        Assert.Equal(("eth0", "the first", 65535u, 0), Told(reader.Interfaces[0]));
        Assert.Equal((9, false), (reader.Interfaces[1].TimeResolution, reader.Interfaces[1].Record.IsEmpty));
        Assert.Equal((1, !bigEndian), (reader.Interfaces[3].Section, reader.Interfaces[3].IsBigEndian));

        string path = Path.Combine(_folder, "made.pcapng");
        File.WriteAllBytes(path, file);

        // To tshark a custom block is a frame too; to us it is a meta record.
        TestCaptures.AssertTsharkAgrees(path, records, "eth or raw");
    }

    [Theory]
    [InlineData(0, 5UL, 0L, 5_000_000_000L)]
    [InlineData(9, 1_700_000_000_123_456_789UL, 0L, 1_700_000_000_123_456_789L)]
    [InlineData(9, 1_700_000_000_123_456_789UL, -1L, 1_699_999_999_123_456_789L)]
    [InlineData(12, 1_700_000_000_123_456_789UL, 0L, 1_700_000_000_123_456L)]
    [InlineData(28, ulong.MaxValue, 0L, 1L)]
    [InlineData(127, ulong.MaxValue, 0L, 0L)]
    [InlineData(0x80, 5UL, 0L, 5_000_000_000L)]
    [InlineData(0x80 | 32, 0x4148d781_002f4700UL, 0L, 1095292801000721395L)]
    [InlineData(0x80 | 63, 1UL << 63, 0L, 1_000_000_000L)]
    [InlineData(0xFF, ulong.MaxValue, 0L, 0L)]
    [InlineData(0, ulong.MaxValue, 0L, long.MaxValue)]
    [InlineData(6, ulong.MaxValue, long.MaxValue, long.MaxValue)]
    [InlineData(6, 0UL, long.MinValue, long.MinValue)]
    public void Times_of_any_resolution_are_nanoseconds_or_the_nearest_there_is(int resolution, ulong units, long offset, long expected) =>
        Assert.Equal(expected, new PcapngTimes((byte)resolution, offset).ToNanoseconds(units));

    [Fact]
    public void A_simple_packet_is_no_longer_than_its_interface_keeps()
    {
        PcapngMaker make = new(false);
        using CaptureReader reader = TestCaptures.Open(
            [.. make.Section(), .. make.Interface(LinkType.Ethernet, 5), .. make.Simple(Frame[..5], 17)]);
        HeldPacket packet = TestCaptures.ReadAll(reader).Records[^1];
        Assert.Equal((5, 17u), (packet.Packet.CapturedLength, packet.Packet.WireLength));
    }

    [Fact]
    public void Damage_is_told_with_its_place_after_all_that_came_before_it()
    {
        PcapngMaker make = new(false);
        byte[] good = [.. make.Section(), .. make.Interface(LinkType.Ethernet), .. make.Enhanced(0, 1, Frame, 17)];
        byte[] crooked = make.Enhanced(0, 1, Frame, 17);
        crooked[^4]++;
        Dictionary<string, byte[]> damages = new(StringComparer.Ordinal)
        {
            ["in fours"] = [6, 0, 0, 0, 13, 0, 0, 0, 0, 0, 0, 0],
            ["a block of 4294967292 bytes"] = [6, 0, 0, 0, 0xFC, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0],
            ["at its end"] = crooked,
            ["interface 1"] = make.Enhanced(1, 1, Frame, 17),
            ["a packet of 1 captured bytes"] = make.Block(6, b => b.U32(0).U32(0).U32(0).U32(1).U32(1)),
            ["a block of type 6 with 16 bytes"] = make.Block(6, b => b.U32(0)),
            ["a block of type 1 with 12 bytes"] = make.Block(1, _ => { }),
            ["tells its byte order"] = make.Block(0x0A0D0D0A, b => b.U32(1).U32(0).U64(0)),
            ["the capture ends inside a record"] = make.Enhanced(0, 1, Frame, 17)[..^1],
        };
        foreach ((string problem, byte[] bad) in damages)
        {
            using CaptureReader reader = TestCaptures.Open([.. good, .. bad]);
            var (records, damage) = TestCaptures.ReadAll(reader);
            Assert.Equal(3, records.Count);
            Assert.NotNull(damage);
            Assert.Equal(good.Length, damage.Offset);
            Assert.Contains(problem, damage.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_kept_about_interfaces_is_bounded()
    {
        PcapngMaker make = new(false);
        byte[] one = make.Interface(LinkType.Ethernet);
        using CaptureReader reader = TestCaptures.Open([.. make.Section(), .. Enumerable.Repeat(one, 70_000).SelectMany(block => block)]);
        var (_, damage) = TestCaptures.ReadAll(reader);
        Assert.Contains("more than 65535 interfaces", damage?.Message, StringComparison.Ordinal);
    }

    private static (string? Name, string? Description, uint Snap, int Section) Told(CaptureInterface about) =>
        (about.Name, about.Description, about.SnapLength, about.Section);
}
