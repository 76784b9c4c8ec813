using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using RingTrace.Packets.Tests;
using RingTrace.Packets.Tests.Captures;
using Xunit;

namespace RingTrace.Tool.Tests.Net;

public sealed class RtStatsTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    public void Each_interval_has_the_packets_that_tshark_finds_in_it(string threads)
    {
        const long Interval = 500_000_000;
        string path = TestCaptures.Path("8021x.pcap");
        Dictionary<long, (long Packets, long Bytes)> expected = [];
        foreach (string line in Judge.Run("tshark", "-r", path, "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.len").Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split('\t');
            long begin = (long)(decimal.Parse(fields[0], CultureInfo.InvariantCulture) * 1_000_000_000) / Interval * Interval;
            (long packets, long bytes) = expected.GetValueOrDefault(begin);
            expected[begin] = (packets + 1, bytes + long.Parse(fields[1], CultureInfo.InvariantCulture));
        }

        JsonElement[] rows = Rows("net", "rtstats", path, "--interval", "500ms", "--json", "--threads", threads);
        Assert.Equal(
            expected.OrderBy(interval => interval.Key).Select(interval => (interval.Key, interval.Value.Packets, interval.Value.Bytes)),
            rows.Where(row => Long(row, "packets") > 0).Select(row => (Long(row, "timeNs"), Long(row, "packets"), Long(row, "wireBytes"))));
        Assert.Contains(rows, row => Long(row, "packets") == 0);
        Assert.All(rows.Index(), row => Assert.Equal(Long(rows[0], "timeNs") + row.Index * Interval, Long(row.Item, "timeNs")));
    }

    [Fact]
    public void What_the_filter_does_not_take_is_told_and_the_intervals_stay()
    {
        string path = TestCaptures.Path("100_packets.pcap");
        JsonElement[] all = Rows("net", "rtstats", path, "--interval", "1ms", "--json");
        JsonElement[] some = Rows("net", "rtstats", path, "--interval", "1ms", "--json", "--filter", "tcp port 80", "--threads", "2");
        Assert.Equal(54, some.Sum(row => Long(row, "packets")));
        Assert.Equal(all.Select(row => (Long(row, "timeNs"), Long(row, "packets"))),
            some.Select(row => (Long(row, "timeNs"), Long(row, "packets") + Long(row, "filtered"))));
        CommandRun wrong = CommandRun.Tool("net", "rtstats", path, "--filter", "tcp prt");
        Assert.Equal(2, wrong.ExitCode);
        Assert.StartsWith("ringtrace: 'tcp prt' is no filter", wrong.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rtstats ringtrace:1 --filter tcp", "--filter is about packets, and ringtrace:1 has events")]
    [InlineData("rtstats CAPTURE ringtrace:1 --filter tcp", "--filter is about packets, and ringtrace:1 has events")]
    [InlineData("dump ringtrace:1 --filter tcp", "--filter is about packets, and ringtrace:1 has events")]
    [InlineData("dump ringtrace:1", "ringtrace:1 has events, and no packets")]
    [InlineData("filter tcp ringtrace:1 -o none.pcap", "ringtrace:1 has events, and no packets")]
    [InlineData("top CAPTURE ringtrace:1", "ringtrace:1 has events, and no packets")]
    public void Rings_are_refused_where_only_packets_make_sense(string arguments, string message)
    {
        CommandRun run = CommandRun.Tool(
            ["net", .. arguments.Replace("CAPTURE", TestCaptures.Path("100_packets.pcap"), StringComparison.Ordinal).Split(' ')]);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith($"ringtrace: {message}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_come_while_a_pipe_is_open_and_control_C_is_a_good_end()
    {
        Process process = CommandRun.StartTool(["net", "rtstats", "-", "--interval", "10ms"], feed: true);
        string id = process.Id.ToString(CultureInfo.InvariantCulture);
        using Stream feed = process.StandardInput.BaseStream;
        feed.Write(TestCaptures.Bytes("100_packets.pcap"));
        feed.Flush();
        Assert.StartsWith("time (UTC)", process.StandardOutput.ReadLine(), StringComparison.Ordinal);
        Assert.StartsWith("2004-09-16 00:00:01.000 ", process.StandardOutput.ReadLine(), StringComparison.Ordinal);
        Process.Start("kill", ["-INT", id]).WaitForExit();
        CommandRun run = CommandRun.Finish(process);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("2004-09-16 00:00:01.020 ", run.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_gap_is_one_step_and_each_packet_is_in_its_own_interval()
    {
        const long Second = 1_000_000_000;
        string path = Path.GetTempFileName();
        new TcpTraffic().Add(5 * Second, 1, 0).Add(5_000_000 * Second, 2, 0).Write(path);
        JsonElement[] rows = Rows("net", "rtstats", path, "--json");
        JsonElement[] flows = Rows("net", "top", path, "--json");
        File.Delete(path);
        Assert.Equal([(5 * Second, 1), (5_000_000 * Second, 1)], rows.Select(row => (Long(row, "timeNs"), Long(row, "packets"))));
        Assert.Equal([(5 * Second, 1), (5_000_000 * Second, 1)], flows.Select(row => (Long(row, "timeNs"), Long(row, "packets"))));
    }

    [Fact]
    public void Damage_is_told_behind_the_rows_before_it()
    {
        string cut = Path.GetTempFileName();
        File.WriteAllBytes(cut, TestCaptures.Bytes("100_packets.pcap")[..^1]);
        CommandRun run = CommandRun.Tool("net", "rtstats", cut, "--json");
        File.Delete(cut);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"ringtrace: {cut}, offset ", run.Error, StringComparison.Ordinal);
        Assert.Equal(99, Long(JsonDocument.Parse(Assert.Single(run.Lines)).RootElement, "packets"));
    }

    private static JsonElement[] Rows(params string[] arguments)
    {
        CommandRun run = CommandRun.Tool(arguments);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return [.. run.Lines.Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static long Long(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
