using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using RingTrace.Formats.Tests;
using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Packets.Tests;
using RingTrace.Packets.Tests.Captures;
using RingTrace.Tool.Net.Dump;
using Xunit;

namespace RingTrace.Tool.Tests.Net;

public sealed class DumpTests : IDisposable
{
    private static readonly string[] Names =
    [
        "n", "time_ns", "caplen", "wirelen", "linktype", "ethertype", "proto", "src", "sport", "dst", "dport", "vlan", "mpls", "fragoff",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("ringtrace-dump-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("100_packets.pcap")]
    [InlineData("100_packetsns.pcap")]
    [InlineData("100_packets.pcapng")]
    [InlineData("8021x.pcap")]
    [InlineData("sll.pcap.gz")]
    [InlineData("vlan.pcap")]
    public void Json_says_of_each_packet_what_tshark_says(string name)
    {
        string path = TestCaptures.Path(name);
        string[] expected = Judge.Run(
            "tshark", "-r", path, "-T", "fields", "-E", "occurrence=f", "-e", "frame.number", "-e", "frame.time_epoch", "-e", "frame.cap_len",
            "-e", "frame.len", "-e", "vlan.id", "-e", "ip.src", "-e", "ip.dst", "-e", "ipv6.src", "-e", "ipv6.dst", "-e", "ip.proto",
            "-e", "tcp.srcport", "-e", "tcp.dstport", "-e", "udp.srcport", "-e", "udp.dstport").Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        JsonElement[] packets = Dump(path);
        Assert.Equal(expected.Length, packets.Length);
        foreach ((string line, JsonElement packet) in expected.Zip(packets))
        {
            string[] fields = line.Split('\t');
            Assert.Equal(fields[0], Text(packet, "n"));
            Assert.Equal(fields[1].Replace(".", "", StringComparison.Ordinal), Text(packet, "time_ns"));
            Assert.Equal(fields[2], Text(packet, "caplen"));
            Assert.Equal(fields[3], Text(packet, "wirelen"));
            Assert.Equal(fields[4], Text(packet, "vlan"));
            Assert.Equal(fields[5] + fields[7], Text(packet, "src"));
            Assert.Equal(fields[6] + fields[8], Text(packet, "dst"));
            Assert.Equal(fields[9], fields[5].Length > 0 ? Text(packet, "proto") : "");
            if (Text(packet, "proto") is "6" or "17")
            {
                Assert.Equal(fields[10] + fields[12], Text(packet, "sport"));
                Assert.Equal(fields[11] + fields[13], Text(packet, "dport"));
            }
        }
    }

    [Theory]
    [InlineData("mpls.pcap")]
    [InlineData("5_packets.erf.gz")]
    [InlineData("legacyeth.gz")]
    [InlineData("100_sll.pcap")]
    public void What_is_absent_is_left_out_and_numbers_are_numbers(string name)
    {
        string uri = (name.StartsWith("legacyeth", StringComparison.Ordinal) ? "legacyeth:" : "") + TestCaptures.Path(name);
        JsonElement[] packets = Dump(uri);
        Assert.NotEmpty(packets);
        Assert.All(packets, packet =>
        {
            string[] names = [.. packet.EnumerateObject().Select(member => member.Name)];
            Assert.Equal(Names.Intersect(names), names);
            Assert.Equal(Names[..5], names[..5]);
            Assert.All(packet.EnumerateObject(), member => Assert.Equal(
                member.Name is "src" or "dst" ? JsonValueKind.String : JsonValueKind.Number, member.Value.ValueKind));
            Assert.True(Text(packet, "src").Length == 0 || IPAddress.Parse(Text(packet, "src")).ToString() == Text(packet, "src"));
        });
    }

    [Fact]
    public void Packets_are_chosen_by_an_expression_and_their_number()
    {
        string path = TestCaptures.Path("100_packets.pcap");
        JsonElement[] all = Dump(path, "--filter", "tcp port 80");
        Assert.Equal(54, all.Length);
        Assert.All(all, packet => Assert.Contains("80", new[] { Text(packet, "sport"), Text(packet, "dport") }));
        JsonElement[] some = Dump(path, "--filter", "tcp port 80", "--count", "3");
        Assert.Equal(all.Take(3).Select(packet => packet.ToString()), some.Select(packet => packet.ToString()));
        Assert.Empty(Dump(path, "--count", "0"));
        Fails(2, "'tcp prt' is no filter", "net", "dump", path, "--filter", "tcp prt");
    }

    [Fact]
    public void Meta_records_are_there_when_they_are_asked_for()
    {
        string path = TestCaptures.Path("100_packets.pcapng");
        Assert.Equal(100, Dump(path).Length);
        JsonElement[] all = Dump(path, "--meta");
        JsonElement[] meta = [.. all.Where(record => record.TryGetProperty("meta", out JsonElement value) && value.GetBoolean())];
        Assert.Equal(["section_header", "interface_description"], meta.Select(record => Text(record, "type")));
        Assert.Equal(102, all.Length);
        Assert.Equal(["provenance"], Dump(TestCaptures.Path("provenance.erf"), "--meta").Select(record => Text(record, "type")).Distinct());
    }

    [Fact]
    public void Of_several_files_each_line_says_which_and_a_missing_one_does_not_stop_the_others()
    {
        string[] files = [TestCaptures.Path("mpls.pcap"), Path.Combine(_folder, "no\"ne"), TestCaptures.Path("5_packets.erf")];
        CommandRun run = CommandRun.Tool(["net", "dump", "--json", .. files]);
        Assert.Equal(1, run.ExitCode);
        string error = Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("there is no such file", error, StringComparison.Ordinal);
        Assert.Equal(
            [.. Enumerable.Repeat(files[0], 10), .. Enumerable.Repeat(files[2], 5)],
            run.Lines.Select(line => Text(JsonDocument.Parse(line).RootElement, "file")));
    }

    [Fact]
    public void A_cut_file_is_dumped_up_to_where_it_is_cut()
    {
        byte[] whole = TestCaptures.Bytes("100_packets.pcap");
        string path = Path.Combine(_folder, "cut.pcap");
        File.WriteAllBytes(path, whole[..^1]);
        CommandRun run = CommandRun.Tool("net", "dump", path);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(99, run.Lines.Length);
        Assert.StartsWith($"ringtrace: {path}, offset ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vlan.pcap", "vlan 32 and tcp", "1 1999-11-05T18:20:40.056226000Z vlan 32 131.151.32.129:1162 > 131.151.32.21:6000 "
        + "TCP [P.] seq 1309986985 ack 1295865017 win 28920 payload 1448, 1518 bytes")]
    [InlineData("mpls.pcap", "mpls", "1 2008-07-15T17:51:20.594079000Z mpls 18 192.168.10.1 > 192.168.40.1 "
        + "ICMP type 8 code 0 payload 72, 118 bytes")]
    [InlineData("8021x.pcap", "arp", "57 2006-09-25T22:43:05.380724000Z ARP who has 10.1.40.253 from 10.1.40.1, 42 bytes")]
    [InlineData("8021x.pcap", "ether proto 0x888e", "2 2006-09-25T22:42:58.223069000Z 802.1X, 28 bytes")]
    [InlineData("100_packets.pcap", "esp", "3 2004-09-16T00:00:01.000803000Z 97.89.18.118 > 42.39.245.251 ESP, 202 bytes (34 captured)")]
    public void As_text_a_packet_is_a_line(string name, string expression, string expected)
    {
        CommandRun run = CommandRun.Tool("net", "dump", TestCaptures.Path(name), "-n", "1", "-f", expression);
        Assert.Equal(expected, Assert.Single(run.Lines));
        Assert.Empty(run.Error);
        Assert.Equal(0, run.ExitCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_packet_is_written_without_allocating(bool json)
    {
        using Utf8Output output = new(Stream.Null);
        IPacketWriter writer = json ? new PacketJson(output) : new PacketText(output);
        using CaptureReader reader = CaptureReader.Open(TestCaptures.Path("100_packets.pcap"));
        using PacketBatch batch = new();
        Assert.True(reader.TryReadBatch(batch));
        Assert.Equal(100, batch.Count);
        Write();
        Allocated allocated = Allocated.Since();
        for (int i = 0; i < 10; i++)
        {
            Write();
        }

        Assert.Equal(0, allocated.Bytes);

        void Write()
        {
            for (int i = 0; i < batch.Count; i++)
            {
                writer.Write(batch[i]);
            }
        }
    }

    [Fact]
    public void What_is_longer_than_the_buffer_is_written_whole()
    {
        using MemoryStream stream = new();
        byte[] text = Encoding.ASCII.GetBytes(new string('x', 100_000));
        using (Utf8Output output = new(stream))
        {
            output.Add(text.AsSpan(0, 60_000));
            output.Add(text.AsSpan(0, 10_000));
            output.Add(text);
            for (int i = 0; i < 20_000; i++)
            {
                output.Add(1234);
            }
        }

        Assert.Equal(new string('x', 170_000) + string.Concat(Enumerable.Repeat("1234", 20_000)), Encoding.ASCII.GetString(stream.ToArray()));
    }

    private static JsonElement[] Dump(params string[] arguments)
    {
        CommandRun run = CommandRun.Tool(["net", "dump", "--json", .. arguments]);
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        return [.. run.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static void Fails(int exitCode, string reason, params string[] arguments)
    {
        CommandRun run = CommandRun.Tool(arguments);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(reason, Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    private static string Text(JsonElement packet, string name) => packet.TryGetProperty(name, out JsonElement value)
        ? string.Create(CultureInfo.InvariantCulture, $"{value}") : "";
}
