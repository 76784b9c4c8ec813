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
}
