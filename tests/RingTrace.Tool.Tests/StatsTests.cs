using System.Text.Json;
using Xunit;

namespace RingTrace.Tool.Tests;

public sealed class StatsTests(DemoFixture demo)
{
    [Fact]
    public void Counts_agree_with_the_demo_and_writer_and_clock_are_named()
    {
        CommandRun run = CommandRun.Tool("stats", demo.FinalTrace, "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        JsonElement stats = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(demo.Events, stats.GetProperty("totalEvents").GetInt64());
        Assert.Equal(demo.Events, stats.GetProperty("events").EnumerateArray().Sum(kind => kind.GetProperty("count").GetInt64()));

        JsonElement recorder = Assert.Single(stats.GetProperty("recorders").EnumerateArray());
        Assert.Contains(recorder.GetProperty("writer").GetString(), new[] { "rseq", "classic" });
        Assert.Contains(recorder.GetProperty("clock").GetString(), new[] { "tsc", "monotonic" });
        Assert.Equal(0, recorder.GetProperty("clockResolutionNs").GetInt64());
        Assert.All(stats.GetProperty("streams").EnumerateArray(), stream =>
            Assert.True(stream.GetProperty("first").GetDateTime() <= stream.GetProperty("last").GetDateTime()));
    }

    [Fact]
    public void Counts_agree_with_view_and_babeltrace()
    {
        JsonElement stats = Stats();
        Assert.Equal(demo.Events, CommandRun.Tool("view", demo.FinalTrace, "--json").Lines.Length);
        string[] lines = CommandRun.Babeltrace(demo.FinalTrace).Lines;
        Assert.Equal(demo.Events, lines.Length);
        Assert.All(stats.GetProperty("events").EnumerateArray(), kind => Assert.Equal(
            lines.Count(line => line.Contains($" {kind.GetProperty("name").GetString()}: ", StringComparison.Ordinal)),
            kind.GetProperty("count").GetInt32()));
    }

    [Fact]
    public void Bytes_of_records_and_heads_of_packets_are_what_the_streams_hold()
    {
        const int PacketHead = 84;
        const int MostPadding = 7;
        JsonElement stats = Stats();
        JsonElement[] streams = [.. stats.GetProperty("streams").EnumerateArray()];
        long packets = streams.Sum(stream => stream.GetProperty("packets").GetInt64());
        long bytes = streams.Sum(stream => stream.GetProperty("bytes").GetInt64());
        long records = stats.GetProperty("events").EnumerateArray().Sum(kind => kind.GetProperty("bytes").GetInt64());
        Assert.InRange(bytes - records - (packets * PacketHead), 0, packets * MostPadding);
    }

    [Fact]
    public void The_recorder_says_who_and_why_and_what_each_ring_lost()
    {
        JsonElement stats = Stats();
        JsonElement recorder = stats.GetProperty("recorders")[0];
        Assert.Equal("end of the demo", recorder.GetProperty("reason").GetString());
        Assert.Equal("ringtrace-demo", recorder.GetProperty("process").GetString());
        Assert.Equal(0, recorder.GetProperty("rejectedEvents").GetInt64());
        Assert.InRange(recorder.GetProperty("calendar").GetProperty("clockPpm").GetDouble(), -500, 500);
        Assert.All(stats.GetProperty("streams").EnumerateArray(), stream =>
        {
            JsonElement ring = stream.GetProperty("ring");
            Assert.Equal(stream.GetProperty("cpu").GetInt32(), ring.GetProperty("cpu").GetInt32());
            Assert.Equal(0, ring.GetProperty("overwrittenPackets").GetInt64());
            Assert.Empty(ring.GetProperty("lost").EnumerateObject());
        });
    }

    [Fact]
    public void As_text_every_kind_of_event_has_a_line()
    {
        CommandRun run = CommandRun.Tool("stats", demo.FinalTrace);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(run.Lines, line => line.Contains("writer ", StringComparison.Ordinal) && line.Contains("clock ", StringComparison.Ordinal));
        Assert.Contains(run.Lines, line => line.EndsWith("  Demo:Request_begin", StringComparison.Ordinal));
        Assert.EndsWith("in all", run.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_trace_is_one_line_and_exit_code_1()
    {
        CommandRun run = CommandRun.Tool("stats", Path.Combine(demo.Folder, "none"));
        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private JsonElement Stats() => JsonDocument.Parse(CommandRun.Tool("stats", demo.FinalTrace, "--json").Output).RootElement;
}
