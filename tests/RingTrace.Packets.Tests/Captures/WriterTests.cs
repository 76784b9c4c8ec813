using RingTrace.Packets.Captures;
using Xunit;

namespace RingTrace.Packets.Tests.Captures;

public sealed class WriterTests : IDisposable
{
    private readonly CaptureFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("100_packets.pcap", CaptureFormat.Pcap)]
    [InlineData("100_packetsns.pcap", CaptureFormat.Pcap)]
    [InlineData("100_sll.pcap", CaptureFormat.Pcap)]
    [InlineData("8021x.pcap", CaptureFormat.Pcap)]
    [InlineData("100_packets.pcapng", CaptureFormat.Pcapng)]
    [InlineData("100_packets.erf", CaptureFormat.Erf)]
    [InlineData("provenance.erf", CaptureFormat.Erf)]
    public void A_capture_in_its_own_format_is_the_same_byte_for_byte(string name, CaptureFormat format)
    {
        var (path, losses) = _folder.Convert(TestCaptures.Path(name), format, "copy");
        Assert.Equal(TestCaptures.Bytes(name), File.ReadAllBytes(path));
        Assert.False(losses.Any);
    }

    [Theory]
    [InlineData("100_packets.pcap")]
    [InlineData("100_packetsns.pcap")]
    [InlineData("100_sll.pcap")]
    [InlineData("vlan.pcap")]
    public void A_pcap_file_through_pcapng_is_the_same_byte_for_byte(string name)
    {
        var (there, _) = _folder.Convert(TestCaptures.Path(name), CaptureFormat.Pcapng, "there.pcapng");
        var (back, losses) = _folder.Convert(there, CaptureFormat.Pcap, "back.pcap");
        Assert.Equal(TestCaptures.Bytes(name), File.ReadAllBytes(back));
        Assert.Equal(0, losses.Comments + losses.Details + losses.FineTimes + losses.Interfaces);
    }

    [Fact]
    public void An_ERF_file_through_pcapng_is_the_same_but_for_what_pads_a_frame()
    {
        const int pad = 16;
        var (there, _) = _folder.Convert(TestCaptures.Path("100_packets.erf"), CaptureFormat.Pcapng, "there.pcapng");
        var (back, losses) = _folder.Convert(there, CaptureFormat.Erf, "back.erf");
        Assert.All(CaptureFolder.Packets(TestCaptures.Path("100_packets.erf")).Zip(CaptureFolder.Packets(back)), pair =>
        {
            Assert.Equal(pair.First.Packet.Record[..pad], pair.Second.Packet.Record[..pad]);
            Assert.Equal(pair.First.Packet.Data, pair.Second.Packet.Data);
        });
        Assert.Equal(TestCaptures.Bytes("100_packets.erf").Length, new FileInfo(back).Length);
        Assert.Equal(0, losses.Directions + losses.Interfaces);
    }

    [Theory]
    [InlineData("100_packetsns.pcap")]
    [InlineData("mpls.pcap")]
    public void Times_are_the_same_to_the_nanosecond_after_ERF(string name)
    {
        var (there, _) = _folder.Convert(TestCaptures.Path(name), CaptureFormat.Erf, "there.erf");
        var (back, losses) = _folder.Convert(there, CaptureFormat.Pcap, "back.pcap");
        CaptureFolder.AssertSame(TestCaptures.Path(name), back);
        Assert.Equal(0, losses.FineTimes);
    }

    [Theory]
    [InlineData("100_packets.pcap", CaptureFormat.Pcapng)]
    [InlineData("100_packets.pcap", CaptureFormat.Erf)]
    [InlineData("100_packetsns.pcap", CaptureFormat.Pcapng)]
    [InlineData("100_packets.pcapng", CaptureFormat.Pcap)]
    [InlineData("100_packets.pcapng", CaptureFormat.Erf)]
    [InlineData("100_packets.erf", CaptureFormat.Pcap)]
    [InlineData("100_packets.erf", CaptureFormat.Pcapng)]
    [InlineData("100_sll.pcap", CaptureFormat.Pcapng)]
    [InlineData("legacyeth.gz", CaptureFormat.Pcap)]
    [InlineData("legacyeth.gz", CaptureFormat.Pcapng)]
    public void What_is_written_has_the_same_packets_and_others_read_it_without_a_word(string name, CaptureFormat format)
    {
        string source = (name.StartsWith("legacyeth", StringComparison.Ordinal) ? "legacyeth:" : "") + TestCaptures.Path(name);
        var (path, _) = _folder.Convert(source, format, "new");
        IReadOnlyList<HeldPacket> packets = CaptureFolder.Packets(source);
        CaptureFolder.AssertSame(packets, CaptureFolder.Packets(path));
        CaptureFolder.AssertReadByOthers(path, packets.Count);
    }

    [Fact]
    public void A_name_that_ends_in_gz_is_packed()
    {
        var (path, _) = _folder.Convert(TestCaptures.Path("vlan.pcap"), CaptureFormat.Pcap, "new.pcap.gz");
        Assert.True(new FileInfo(path).Length < TestCaptures.Bytes("vlan.pcap").Length / 2);
        CaptureFolder.AssertSame(TestCaptures.Path("vlan.pcap"), path);
        CaptureFolder.AssertReadByOthers(path, 395);
    }

    [Fact]
    public void A_file_without_packets_is_one_in_each_format()
    {
        string empty = _folder.Path("empty.pcap");
        File.WriteAllBytes(empty, TestCaptures.Bytes("100_packets.pcap")[..24]);
        CaptureFolder.AssertReadByOthers(_folder.Convert(empty, CaptureFormat.Pcap, "new.pcap").Path, 0);
        CaptureFolder.AssertReadByOthers(_folder.Convert(empty, CaptureFormat.Pcapng, "new.pcapng").Path, 0);
    }

    [Fact]
    public void A_comment_that_pcap_can_t_hold_is_counted()
    {
        string commented = _folder.Path("commented.pcapng");
        Judge.Run("editcap", "-a", "1:first", "-a", "7:seventh", TestCaptures.Path("100_packets.pcap"), commented);
        var (_, losses) = _folder.Convert(commented, CaptureFormat.Pcap, "new.pcap");
        Assert.Equal(2, losses.Comments);
        var (copy, kept) = _folder.Convert(commented, CaptureFormat.Pcapng, "new.pcapng");
        Assert.Equal(File.ReadAllBytes(commented), File.ReadAllBytes(copy));
        Assert.False(kept.Any);
    }

    [Fact]
    public void A_link_type_that_pcapng_has_no_room_for_is_refused()
    {
        const int LinkType = 0x1_0001;
        byte[] bytes = TestCaptures.Bytes("100_packets.pcap");
        BitConverter.TryWriteBytes(bytes.AsSpan(20), LinkType);
        string path = _folder.Path("large.pcap");
        File.WriteAllBytes(path, bytes);
        CaptureException e = Assert.Throws<CaptureException>(() => _folder.Convert(path, CaptureFormat.Pcapng, "new.pcapng"));
        Assert.Contains("link type 65537", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_link_type_in_pcap_is_refused_and_leaves_nothing()
    {
        using CaptureReader first = CaptureReader.Open(TestCaptures.Path("100_packets.pcap"));
        using CaptureReader second = CaptureReader.Open(TestCaptures.Path("100_sll.pcap"));
        using (CaptureWriter writer = CaptureWriter.Create(_folder.Path("new.pcap"), CaptureFormat.Pcap))
        {
            writer.Begin(first);
            writer.Begin(second);
            Assert.True(first.TryRead(out Packet packet));
            writer.Write(packet, first);
            CaptureException e = Assert.Throws<CaptureException>(() =>
            {
                Assert.True(second.TryRead(out Packet other));
                writer.Write(other, second);
            });
            Assert.Contains("packet 1 of", e.Message, StringComparison.Ordinal);
            Assert.Contains("write pcapng", e.Message, StringComparison.Ordinal);
        }

        Assert.Empty(_folder.Names);
    }

    [Fact]
    public void What_is_not_complete_leaves_what_was_there()
    {
        string path = _folder.Path("old.pcap");
        File.WriteAllText(path, "old");
        using (CaptureReader reader = CaptureReader.Open(TestCaptures.Path("100_packets.pcap")))
        using (CaptureWriter writer = CaptureWriter.Create(path, CaptureFormat.Pcap))
        {
            Assert.True(reader.TryRead(out Packet packet));
            writer.Write(packet, reader);
        }

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["old.pcap"], _folder.Names);
    }

    [Theory]
    [InlineData("/dev/full", "No space left")]
    [InlineData("/no/such/directory/new.pcap", "no such directory")]
    [InlineData("/proc", "directory")]
    public void A_disk_that_refuses_is_said_in_one_line(string path, string reason)
    {
        CaptureException e = Assert.Throws<CaptureException>(() =>
        {
            using CaptureWriter writer = CaptureWriter.Create(path, CaptureFormat.Pcap);
            writer.Complete();
        });
        Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }
}
