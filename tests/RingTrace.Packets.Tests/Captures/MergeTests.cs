using RingTrace.Packets.Captures;
using RingTrace.Packets.Tests.Captures.Pcapng;
using Xunit;

namespace RingTrace.Packets.Tests.Captures;

public sealed class MergeTests : IDisposable
{
    private readonly CaptureFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(CaptureFormat.Pcap, "100_packets.pcap", "mpls.pcap", "100_packetsns.pcap")]
    [InlineData(CaptureFormat.Pcapng, "100_packets.pcapng", "100_sll.pcap", "100_packets.erf")]
    [InlineData(CaptureFormat.Pcapng, "100_sll.pcap", "100_packets.pcapng", "100_packets.pcap")]
    [InlineData(CaptureFormat.Erf, "100_packets.erf", "5_packets.erf")]
    public void Packets_come_by_time_and_those_of_equal_times_by_file(CaptureFormat format, params string[] names)
    {
        string[] paths = [.. names.Select(TestCaptures.Path)];
        string path = Merge(format, paths, out long outOfOrder);

        // LINQ sorts stably.
        HeldPacket[] expected = [.. paths.SelectMany(CaptureFolder.Packets).OrderBy(packet => packet.Packet.TimeNs)];
        CaptureFolder.AssertSame(expected, CaptureFolder.Packets(path));
        CaptureFolder.AssertReadByOthers(path, expected.Length);
        Assert.Equal(0, outOfOrder);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_packet_without_a_time_gets_none_by_the_offset_of_its_interface_or_it_is_said(bool isFirst)
    {
        PcapngMaker maker = new(bigEndian: false);
        string simple = _folder.Path("simple.pcapng");
        byte[] data = [1, 2, 3];
        File.WriteAllBytes(simple, [.. maker.Section(), .. maker.Interface(LinkType.Ethernet, 0, maker.Option(14, 3UL)), .. maker.Simple(data, 3)]);
        string other = TestCaptures.Path("100_packets.pcapng");

        string path = _folder.Path("merged");
        using CaptureReader first = CaptureReader.Open(isFirst ? simple : other);
        using CaptureReader second = CaptureReader.Open(isFirst ? other : simple);
        using CaptureWriter writer = CaptureWriter.Create(path, CaptureFormat.Pcapng);
        foreach (CaptureReader source in (CaptureReader[])[first, second])
        {
            writer.Begin(source);
        }

        using CaptureMerge merge = new([first, second]);
        while (merge.TryRead(out Packet packet, out CaptureReader source))
        {
            writer.Write(packet, source);
        }

        writer.Complete();
        HeldPacket merged = CaptureFolder.Packets(path).Single(packet => packet.Packet.WireLength == data.Length);
        Assert.Equal(isFirst ? 0 : 3_000_000_000, merged.Packet.TimeNs);
        Assert.Equal(isFirst ? 0 : 1, writer.Losses.Details);
    }

    [Fact]
    public void A_file_that_goes_back_in_time_keeps_its_order_and_is_counted()
    {
        byte[] bytes = TestCaptures.Bytes("100_seconds.pcap");
        int record = 16 + BitConverter.ToInt32(bytes, 24 + 8);
        string turned = _folder.Path("turned.pcap");
        File.WriteAllBytes(turned, [.. bytes[..24], .. bytes[(24 + record)..], .. bytes[24..(24 + record)]]);

        string path = Merge(CaptureFormat.Pcap, [turned, TestCaptures.Path("100_seconds.pcap")], out long outOfOrder);
        Assert.Equal(1, outOfOrder);
        Assert.Equal(200, CaptureFolder.Packets(path).Count);
    }

    [Fact]
    public void A_damaged_file_is_merged_up_to_the_damage()
    {
        string cut = _folder.Path("cut.pcap");
        File.WriteAllBytes(cut, TestCaptures.Bytes("100_packets.pcap")[..^1]);
        using CaptureReader first = CaptureReader.Open(cut);
        using CaptureReader second = CaptureReader.Open(TestCaptures.Path("vlan.pcap"));
        using CaptureMerge merge = new([first, second]);
        int packets = 0;
        while (merge.TryRead(out _, out _))
        {
            packets++;
        }

        Assert.Equal(99 + 395, packets);
        Assert.Equal(cut, Assert.Single(merge.Problems).File);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_pcapng_says_beside_a_packet_is_kept_in_the_other_byte_order_too(bool isFirst)
    {
        PcapngMaker maker = new(bigEndian: true);
        string turned = _folder.Path("turned.pcapng");
        File.WriteAllBytes(turned,
        [
            .. maker.Section(), .. maker.Interface(LinkType.Ethernet, 1000, maker.Option(2, "eth7"u8.ToArray()), maker.Option(8, 1_000_000_000UL)),
            .. maker.Enhanced(0, 1_095_292_802_000_000, new byte[60], 60, maker.Option(1, "hello"u8.ToArray()), maker.Option(2, 1U)),
            .. maker.Statistics(0, 0, maker.Option(4, 55UL)),
        ]);
        string other = TestCaptures.Path("100_packets.pcapng");
        string path = Merge(CaptureFormat.Pcapng, isFirst ? [turned, other] : [other, turned], out _);

        CaptureFolder.AssertReadByOthers(path, 101);
        Assert.Equal("1095292802.000000000\teth7\t0x00000001\n", Judge.Run("tshark", "-n", "-r", path, "-Y", "frame.comment == \"hello\"",
            "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.interface_name", "-e", "frame.packet_flags").Output);
        Assert.Contains("Speed = 1000000000", Judge.Run("capinfos", "-I", path).Output, StringComparison.Ordinal);
    }

    private string Merge(CaptureFormat format, string[] paths, out long outOfOrder)
    {
        CaptureReader[] readers = [.. paths.Select(CaptureReader.Open)];
        string path = _folder.Path("merged");
        using (CaptureMerge merge = new(readers))
        using (CaptureWriter writer = CaptureWriter.Create(path, format))
        {
            Array.ForEach(readers, writer.Begin);
            while (merge.TryRead(out Packet packet, out CaptureReader source))
            {
                writer.Write(packet, source);
            }

            writer.Complete();
            outOfOrder = merge.OutOfOrder;
        }

        Array.ForEach(readers, reader => reader.Dispose());
        return path;
    }
}
