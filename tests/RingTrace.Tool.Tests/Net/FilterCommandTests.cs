using System.Text.Json;
using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Packets.Tests;
using RingTrace.Packets.Tests.Captures;
using Xunit;

namespace RingTrace.Tool.Tests.Net;

public sealed class FilterCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ringtrace-filtered-").FullName;

    private string Target => Path.Combine(_folder, "out");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("100_packets.pcap")]
    [InlineData("100_packets.pcapng")]
    public void What_is_kept_is_what_tcpdump_keeps(string name)
    {
        const string Expression = "tcp port 80";
        string path = TestCaptures.Path(name);
        JsonElement counts = JsonDocument.Parse(Filter(0, Expression, path, "--json").Output).RootElement;
        Assert.Equal(54, counts.GetProperty("kept").GetInt64());
        Assert.Equal(46, counts.GetProperty("dropped").GetInt64());
        Assert.Equal(Path.GetExtension(name), "." + counts.GetProperty("written").GetProperty("format").GetString());

        string expected = Path.Combine(_folder, "expected.pcap");
        Judge.Run("tcpdump", "-r", path, "-w", expected, Expression);
        Assert.Equal(Packets(expected), Packets(Target));
    }

    [Fact]
    public void Without_JSON_the_counts_are_told_beside_the_result()
    {
        string path = TestCaptures.Path("vlan.pcap");
        CommandRun run = Filter(0, "vlan and ip", path);
        Assert.Empty(run.Output);
        Assert.StartsWith("ringtrace: 165 packets dropped\nringtrace: 230 packets written, ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_capture_is_filtered_up_to_where_it_is_cut()
    {
        string cut = Path.Combine(_folder, "cut.pcap");
        File.WriteAllBytes(cut, TestCaptures.Bytes("100_packets.pcap")[..^1]);
        CommandRun run = Filter(1, "ip", cut);
        Assert.Contains($"ringtrace: {cut}, offset ", run.Error, StringComparison.Ordinal);
        Assert.Equal(99, Packets(Target).Count);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(0)]
    public void What_is_no_expression_leaves_nothing(int packets)
    {
        string capture = TestCaptures.Path("100_packets.pcap");
        if (packets == 0)
        {
            byte[] head = TestCaptures.Bytes("100_packets.pcap")[..24];
            File.WriteAllBytes(capture = Path.Combine(_folder, "empty.pcap"), head);
        }

        CommandRun run = Filter(2, "tcp prt", capture);
        Assert.StartsWith("ringtrace: 'tcp prt' is no filter for link type 1: ", run.Error, StringComparison.Ordinal);
        Assert.All(Directory.EnumerateFileSystemEntries(_folder), path => Assert.Equal(capture, path));
    }

    private static List<string> Packets(string path)
    {
        List<string> packets = [];
        using CaptureReader reader = CaptureReader.Open(path);
        while (reader.TryRead(out Packet packet))
        {
            if (packet.Kind == PacketKind.Packet)
            {
                packets.Add($"{packet.TimeNs} {packet.WireLength} {Convert.ToHexString(packet.Data)}");
            }
        }

        return packets;
    }

    private CommandRun Filter(int exitCode, string expression, string path, params string[] options)
    {
        CommandRun run = CommandRun.Tool(["net", "filter", expression, path, "-o", Target, .. options]);
        Assert.Equal(exitCode, run.ExitCode);
        return run;
    }
}
