using System.Text.Json;
using Xunit;

namespace RingTrace.Tool.Tests;

public sealed class MergeTests(DemoFixture demo, TypeFixture types)
{
    [Fact]
    public void Snapshots_of_one_process_become_one_trace_without_anything_twice()
    {
        string output = Path.Combine(demo.Folder, "merged");
        JsonElement result = Merge(output, demo.SlowTrace, demo.FinalTrace);
        JsonElement trace = Assert.Single(result.GetProperty("traces").EnumerateArray());
        Assert.Equal("final", trace.GetProperty("name").GetString());

        // All that the last snapshot holds, and what it no longer held of the first.
        string[] merged = CommandRun.Tool("view", output, "--tid").Lines;
        Assert.Equal(merged.Length, merged.Distinct().Count());
        Assert.InRange(merged.Length, demo.Events, long.MaxValue);
        CommandRun babeltrace = CommandRun.Babeltrace(output);
        Assert.Equal((0, ""), (babeltrace.ExitCode, babeltrace.Error));
        Assert.Equal(merged.Length, babeltrace.Lines.Length);
    }

    [Fact]
    public void Processes_of_one_boot_stand_on_one_timeline()
    {
        string output = Path.Combine(demo.Folder, "processes");
        JsonElement result = Merge(output, demo.FinalTrace, types.Trace);
        Assert.True(result.GetProperty("isOneClock").GetBoolean());
        Assert.Equal(0, result.GetProperty("boots")[0].GetProperty("tieNs").GetInt64());
        Assert.Equal(["final", "trace"], result.GetProperty("traces").EnumerateArray().Select(trace => trace.GetProperty("name").GetString()));
        CommandRun view = CommandRun.Tool("view", output);
        Assert.Empty(view.Error);
        Assert.Equal(demo.Events + CommandRun.Tool("view", types.Trace).Lines.Length, view.Lines.Length);
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

    private static JsonElement Merge(string output, params string[] traces)
    {
        CommandRun run = CommandRun.Tool(["merge", .. traces, "-o", output, "--json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonDocument.Parse(run.Output).RootElement;
    }
}
