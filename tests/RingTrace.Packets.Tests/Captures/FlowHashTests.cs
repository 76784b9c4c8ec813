using System.Globalization;
using RingTrace.Formats.Tests;
using RingTrace.Packets.Captures;
using RingTrace.Packets.Tests.Captures.Pcapng;
using Xunit;

namespace RingTrace.Packets.Tests.Captures;

/// <summary>The hash of its flow that a capturer wrote beside a packet.</summary>
public sealed class FlowHashTests : IDisposable
{
    private static readonly byte[] Frame = new byte[60];

    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Erf_has_it_in_an_extension_header_as_tshark_reads_it()
    {
        // None, the flow's alone, behind another, before another, one that says there are more than the record has, and none that was made.
        byte[][] extensions =
        [
            [], Extension(0x10, 0xAABBCCDD), [.. Extension(0x85, 1), .. Extension(0x10, 0x01020304)],
            [.. Extension(0x90, 0xFFFFFFFF), .. Extension(0x05, 2)], Extension(0x05, 3), Extension(0x10, 0),
        ];
        ByteBuilder file = new(bigEndian: true);
        foreach (byte[] extension in extensions)
        {
            file.Raw(BitConverter.GetBytes(1_700_000_000UL << 32)).U8((byte)(extension.Length > 0 ? 0x82 : 2)).U8(4);
            file.U16((ushort)(16 + extension.Length + 2 + Frame.Length)).U16(0).U16((ushort)Frame.Length).Raw(extension).U16(0).Raw(Frame);
        }

        File.WriteAllBytes(_path, file.ToArray());
        string[] found = Hashes(CaptureReader.Open($"erf:{_path}"));
        Assert.Equal(["", "aabbccdd", "01020304", "ffffffff", "", ""], found);
        Assert.Equal(found, Judge.Run("tshark", "-n", "-r", _path, "-T", "fields", "-e", "erf.ehdr.flowid.flowhash").Output
            [..^1].Split('\n').Select(hash => hash.Replace("0x", "", StringComparison.Ordinal).Replace("00000000", "", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pcapng_has_it_among_the_options_and_other_hashes_are_of_no_flow(bool bigEndian)
    {
        PcapngMaker maker = new(bigEndian);
        byte[] flags = maker.Option(2, 2u), crc = maker.Option(3, [2, 1, 1, 1, 1]), flow = maker.Option(3, [5, 0xAA, 0xBB, 0xCC, 0xDD]);
        byte[] file =
        [
            .. maker.Section(), .. maker.Interface(LinkType.Ethernet), .. maker.Enhanced(0, 1, Frame, 60), .. maker.Enhanced(0, 2, Frame, 60, flow),
            .. maker.Enhanced(0, 3, Frame, 60, flags, crc, flow), .. maker.Enhanced(0, 4, Frame, 60, crc),
            .. maker.Enhanced(0, 5, Frame, 60, maker.Option(3, [5, 1])),
        ];
        Assert.Equal(["", "aabbccdd", "aabbccdd", "", ""], Hashes(TestCaptures.Open(file)));
        using CaptureReader reader = TestCaptures.Open(file);
        Assert.Equal(PacketDirection.Outbound, TestCaptures.ReadAll(reader).Records.Where(record => record.Packet.Kind == PacketKind.Packet)
            .ElementAt(2).Packet.Direction);
    }

    private static byte[] Extension(byte type, uint value) => new ByteBuilder(bigEndian: true).U8(type).U8(0).U16(0).U32(value).ToArray();

    private static string[] Hashes(CaptureReader reader)
    {
        using (reader)
        {
            return [.. TestCaptures.ReadAll(reader).Records.Where(record => record.Packet.Kind == PacketKind.Packet).Select(record =>
                record.Packet.TryGetFlowHash(out uint hash) ? hash.ToString("x8", CultureInfo.InvariantCulture) : "")];
        }
    }
}
