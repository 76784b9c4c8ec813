using System.Text.Json;
using Xunit;

namespace RingTrace.Tool.Tests;

public sealed class MergeTests(DemoFixture demo, TypeFixture types)
{
    [Fact]
    public void Snapshots_of_one_process_and_another_process_stand_on_one_timeline()
    {
        string output = Path.Combine(demo.Folder, "merged");
        CommandRun run = CommandRun.Tool("merge", demo.SlowTrace, demo.FinalTrace, types.Trace, "-o", output, "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        JsonElement result = JsonDocument.Parse(run.Output).RootElement;
        Assert.True(result.GetProperty("isOneClock").GetBoolean());
        Assert.Equal(0, result.GetProperty("boots")[0].GetProperty("tieNs").GetInt64());
        Assert.Equal(["final", "trace"], result.GetProperty("traces").EnumerateArray().Select(trace => trace.GetProperty("name").GetString()));

        // All that the last snapshot holds, and what it no longer held of the first; nothing twice.
        string[] merged = CommandRun.Tool("view", output, "--tid").Lines;
        Assert.Equal(merged.Length, merged.Distinct().Count());
        Assert.InRange(merged.Length, demo.Events, long.MaxValue);
        CommandRun babeltrace = CommandRun.Babeltrace(output);
        Assert.Equal("", babeltrace.Error);
        Assert.Equal(merged.Length, babeltrace.Lines.Length);
    }

    [Fact]
    public void People_are_told_which_traces_and_how_well_their_clocks_agree()
    {
        CommandRun run = CommandRun.Tool("merge", demo.FinalTrace, "-o", Path.Combine(demo.Folder, "told"));
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("one clock, the order of events is exact", run.Output, StringComparison.Ordinal);
        Assert.Contains(demo.FinalTrace, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_exists_is_not_written_over()
    {
        CommandRun run = CommandRun.Tool("merge", demo.FinalTrace, "-o", demo.Output);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"ringtrace: {demo.Output} exists already: name a directory that does not.\n", run.Error);
    }
}
