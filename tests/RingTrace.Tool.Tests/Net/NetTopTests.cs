using System.Text.Json;
using RingTrace.Packets.Tests.Captures;
using Xunit;

namespace RingTrace.Tool.Tests.Net;

/// <summary><c>net top</c>.</summary>
public sealed class NetTopTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    public void An_interval_that_holds_all_has_the_flows_that_flows_finds(string threads)
    {
        string path = TestCaptures.Path("100_packets.pcap");
        JsonElement top = Assert.Single(Intervals(path, "--interval", "1h", "--count", "7", "--threads", threads));
        JsonElement flows = JsonDocument.Parse(CommandRun.Tool("net", "flows", path, "--json", "--count", "7").Output).RootElement;
        Assert.Equal(7, top.GetProperty("flows").GetArrayLength());
        Assert.Equal(flows.GetProperty("flows").GetRawText(), top.GetProperty("flows").GetRawText());
        Assert.Equal(Long(flows, "flowCount"), Long(top, "flowCount"));
        Assert.Equal(Long(flows, "wireBytes"), Long(top, "wireBytes"));
    }

    [Fact]
    public void Each_interval_has_its_own_packets_as_rtstats_counts_them()
    {
        string path = TestCaptures.Path("100_packets.pcap");
        CommandRun rates = CommandRun.Tool("net", "rtstats", path, "--json", "--interval", "1ms");
        (long, long)[] expected = [.. rates.Lines.Select(line => Counted(JsonDocument.Parse(line).RootElement))];
        Assert.Equal(expected, Intervals(path, "--interval", "1ms").Select(Counted));
        Assert.True(expected.Length > 3);

        static (long, long) Counted(JsonElement row) => (Long(row, "timeNs"), Long(row, "packets"));
    }

    [Fact]
    public void People_get_the_largest_first_and_a_filter_and_rings_have_their_say()
    {
        string path = TestCaptures.Path("100_packets.pcap");
        CommandRun run = CommandRun.Tool("net", "top", path, "--interval", "1h", "--filter", "tcp", "--count", "2");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(2, run.Lines.Count(line => line.StartsWith("TCP ", StringComparison.Ordinal)));
        Assert.Equal(2, CommandRun.Tool("net", "top", path, "--count", "0").ExitCode);
        CommandRun rings = CommandRun.Tool("net", "top", "ringtrace:1");
        Assert.Equal((2, "ringtrace: ringtrace:1 has events, and no packets: 'ringtrace net count' and 'ringtrace net rtstats' take it.\n"),
            (rings.ExitCode, rings.Error));
    }

    private static JsonElement[] Intervals(params string[] arguments)
    {
        CommandRun run = CommandRun.Tool(["net", "top", .. arguments, "--json"]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return [.. run.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static long Long(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
