using System.Globalization;
using System.Text.Json;
using RingTrace.Packets.Tests;
using RingTrace.Packets.Tests.Captures;
using RingTrace.Pipeline;
using RingTrace.Tool.Net.Flows;
using Xunit;

namespace RingTrace.Tool.Tests.Net;

public sealed class FlowsTests : IDisposable
{
    private const long Millisecond = 1_000_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("ringtrace-flows-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("100_packets.pcap", "tcp", 6)]
    [InlineData("100_packets.pcap", "udp", 17)]
    [InlineData("vlan.pcap", "tcp", 6)]
    public void Packets_and_bytes_each_way_are_those_tshark_finds(string name, string protocol, int number)
    {
        string path = TestCaptures.Path(name);
        Dictionary<string, (long Packets, long Bytes)> expected = [];
        string[] columns = ["ip.src", $"{protocol}.srcport", "ip.dst", $"{protocol}.dstport", "frame.len"];
        foreach (string line in Tshark(path, $"{protocol} and not icmp", columns))
        {
            string[] fields = line.Split('\t');
            string way = string.Join(' ', fields[..4]);
            (long packets, long bytes) = expected.GetValueOrDefault(way);
            expected[way] = (packets + 1, bytes + long.Parse(fields[4], CultureInfo.InvariantCulture));
        }

        Dictionary<string, (long Packets, long Bytes)> found = [];
        foreach (JsonElement flow in Flows(path).EnumerateArray().Where(flow => Long(flow, "protocol") == number))
        {
            (string source, string destination) = (End(flow, "source"), End(flow, "destination"));
            found.Add($"{source} {destination}", (Long(flow, "packets"), Long(flow, "wireBytes")));
            if (Long(flow, "packetsBack") > 0)
            {
                found.Add($"{destination} {source}", (Long(flow, "packetsBack"), Long(flow, "wireBytesBack")));
            }
        }

        Assert.NotEmpty(expected);
        Assert.Equal(expected.OrderBy(way => way.Key, StringComparer.Ordinal), found.OrderBy(way => way.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_sent_again_is_what_tshark_says()
    {
        // In this order: an opening sent twice, data, data sent again, two segments changed places, a probe that keeps the connection
        // alive, an overlap that brings new bytes too, the end of all numbers, and the end sent twice.
        const uint Start = uint.MaxValue - 4000;
        TcpTraffic traffic = new();
        long time = 0;
        Send(0, 0, TcpTraffic.Syn);
        Send(0, 0, TcpTraffic.Syn, after: 1000);
        Send(1, 1000);
        Send(1001, 1000);
        Send(1, 1000, after: 500);
        Send(3001, 1000);
        Send(2001, 1000);
        Send(4000, 1, after: 5000);
        Send(3501, 1000, after: 500);
        Send(4501, 1000);
        Send(4501, 1000, after: 500);
        Send(5501, 0, TcpTraffic.Fin | TcpTraffic.Ack);
        Send(5501, 0, TcpTraffic.Fin | TcpTraffic.Ack, after: 500);
        string path = Path.Combine(_folder, "again.pcap");
        traffic.Write(path);

        JsonElement flow = Assert.Single(Flows(path).EnumerateArray());
        Assert.Equal(4, Long(flow, "retransmissions"));
        Assert.Equal(Long(flow, "retransmissions"), Tshark(path,
            "tcp.analysis.retransmission or tcp.analysis.fast_retransmission or tcp.analysis.spurious_retransmission", "frame.number").Length);
        Assert.Equal(TcpTraffic.Syn | TcpTraffic.Fin | TcpTraffic.Ack, Long(flow, "flags"));
        Assert.Equal(time, Long(flow, "durationNs") + Millisecond);

        void Send(uint sequence, int payload, int flags = TcpTraffic.Ack, int after = 1) =>
            traffic.Add(time += after * Millisecond, Start + sequence, payload, flags);
    }

    [Fact]
    public void Other_ports_that_are_used_again_are_another_connection_and_nothing_is_sent_again()
    {
        string path = Path.Combine(_folder, "twice.pcap");
        new TcpTraffic().Add(1, 1000, 0, TcpTraffic.Syn).Add(2, 1001, 500).Add(3, 500, 0, TcpTraffic.Syn).Add(4, 501, 700).Write(path);
        JsonElement flow = Assert.Single(Flows(path).EnumerateArray());
        Assert.Equal(0, Long(flow, "retransmissions"));
        Assert.Equal(4, Long(flow, "packets"));
    }

    [Theory]
    [InlineData("bytes", "wireBytes", "wireBytesBack")]
    [InlineData("packets", "packets", "packetsBack")]
    [InlineData("duration", "durationNs", null)]
    public void They_are_sorted_as_asked_and_no_more_than_asked(string sort, string name, string? other)
    {
        string path = TestCaptures.Path("100_packets.pcap");
        long[] all = [.. Flows(path, "--sort", sort).EnumerateArray().Select(flow => Long(flow, name) + (other is null ? 0 : Long(flow, other)))];
        Assert.Equal(all.OrderDescending(), all);
        Assert.Equal(3, Flows(path, "--sort", sort, "--count", "3").GetArrayLength());
    }

    [Fact]
    public void Any_number_of_threads_finds_the_same()
    {
        string[] arguments = ["net", "flows", TestCaptures.Path("100_packets.pcap"), "--json"];
        string alone = CommandRun.Tool(arguments).Output;
        Assert.Equal(100, Long(JsonDocument.Parse(alone).RootElement, "packets"));
        foreach (int threads in (int[])[2, 3, 8])
        {
            Assert.Equal(alone, CommandRun.Tool([.. arguments, "--threads", $"{threads}"]).Output);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void All_threads_together_keep_no_more_flows_than_there_is_room_for_and_count_the_rest(int threads)
    {
        const int Most = 7;
        string path = TestCaptures.Path("100_packets.pcap");
        List<FlowTable> kept = [];
        using Pipeline<FlowTable> pipeline = PacketPipeline.Open(path).WithThreads(threads).HashedBy(FlowTable.NewHasher())
            .Process(() => new FlowsProcessor(Most, threads, filter: null)).Report((in Result<FlowTable> result) => kept.Add(result.Value));
        pipeline.Run(TestContext.Current.CancellationToken);
        Assert.InRange(kept.Sum(table => table.Flows.Count), 1, Most);
        Assert.Equal(100, kept.Sum(table => table.OtherPackets + table.BeyondPackets + table.Flows.Sum(flow => flow.Packets)));
        Assert.Equal(Most, Enumerable.Range(0, threads).Sum(thread => FlowTable.ShareOf(Most, thread, threads)));

        JsonElement told = JsonDocument.Parse(
            CommandRun.Tool("net", "flows", path, "--json", "--most", $"{Most}", "--threads", $"{threads}").Output).RootElement;
        Assert.Equal(kept.Sum(table => table.Flows.Count), Long(told, "flowCount"));
        Assert.Equal(kept.Sum(table => table.BeyondPackets), Long(told, "beyondPackets"));
        Assert.Equal(kept.Sum(table => table.BeyondBytes), Long(told, "beyondBytes"));
    }

    [Fact]
    public void Fragments_behind_the_first_are_one_flow_whichever_datagrams_they_are_of()
    {
        TcpTraffic traffic = new();
        const int Datagrams = 20;
        for (ushort id = 1; id <= Datagrams; id++)
        {
            traffic.Add(id * Millisecond, 1, 40, client: (ushort)(5000 + id), id: id, fragment: 0x2000);
            traffic.Add(id * Millisecond, 1, 40, client: 0xFFFF, id: id, fragment: 10);
        }

        string path = Path.Combine(_folder, "fragments.pcap");
        traffic.Write(path);
        string[] flows = ["net", "flows", path, "--json"], top = ["net", "top", path, "--json", "--interval", "1h", "--count", "100"];
        CommandRun alone = CommandRun.Tool(flows), topAlone = CommandRun.Tool(top);
        Assert.Equal(0, alone.ExitCode);
        Assert.Equal(Datagrams + 1, Long(JsonDocument.Parse(alone.Output).RootElement, "flowCount"));
        foreach (int threads in (int[])[2, 3, 8])
        {
            Assert.Equal(alone, CommandRun.Tool([.. flows, "--threads", $"{threads}"]));
            Assert.Equal(topAlone, CommandRun.Tool([.. top, "--threads", $"{threads}"]));
        }
    }

    [Fact]
    public void People_get_a_line_for_each_and_what_is_before_damage()
    {
        string cut = Path.Combine(_folder, "cut.pcap");
        File.WriteAllBytes(cut, TestCaptures.Bytes("100_packets.pcap")[..^1]);
        CommandRun run = CommandRun.Tool("net", "flows", cut, "--filter", "tcp", "--count", "5");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"ringtrace: {cut}, offset ", run.Error, StringComparison.Ordinal);
        Assert.Equal(5, run.Lines.Count(line => line.StartsWith("TCP ", StringComparison.Ordinal)));
        Assert.Equal(2, CommandRun.Tool("net", "flows", cut, "--most", "0").ExitCode);
    }

    private static JsonElement Flows(string path, params string[] options)
    {
        CommandRun run = CommandRun.Tool(["net", "flows", path, "--json", .. options]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return JsonDocument.Parse(run.Output).RootElement.GetProperty("flows");
    }

    private static string[] Tshark(string path, string filter, params string[] fields) => Judge.Run(
        "tshark", ["-n", "-r", path, "-Y", filter, "-T", "fields", "-E", "occurrence=f", .. fields.SelectMany(field => new[] { "-e", field })])
        .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string End(JsonElement flow, string end) => $"{flow.GetProperty(end).GetString()} {Long(flow, end + "Port")}";

    private static long Long(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
