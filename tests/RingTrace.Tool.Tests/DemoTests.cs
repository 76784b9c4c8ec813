using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace RingTrace.Tool.Tests;

public sealed partial class DemoTests(DemoFixture demo)
{
    private const decimal LeastSlowMilliseconds = 250;
    private const decimal MicrosecondOfRounding = 0.001m;
    private const int LeastEventsPerRequest = 6;

    /// <summary>Far fewer than any machine serves in a second, more than a server that hangs.</summary>
    private const int LeastRequests = 50;

    [Fact]
    public void The_json_has_the_promised_names_and_nothing_else()
    {
        Assert.Equal(
            ["trace", "events", "requests", "lost", "slow", "snapshots"],
            demo.Json.EnumerateObject().Select(property => property.Name));
        Assert.Equal(["id", "ms"], demo.Json.GetProperty("slow").EnumerateObject().Select(property => property.Name));
        Assert.All(demo.Json.GetProperty("snapshots").EnumerateArray(), snapshot => Assert.Equal(
            ["dir", "reason", "events"], snapshot.EnumerateObject().Select(property => property.Name)));
        Assert.Single(demo.Run.Lines);
        Assert.Empty(demo.Run.Error);
    }

    [Fact]
    public void The_json_names_both_traces()
    {
        JsonElement[] snapshots = [.. demo.Json.GetProperty("snapshots").EnumerateArray()];
        Assert.Equal(
            [demo.SlowTrace, demo.FinalTrace], snapshots.Select(snapshot => snapshot.GetProperty("dir").GetString()));
        Assert.Equal(demo.FinalTrace, demo.Json.GetProperty("trace").GetString());
        Assert.Equal(demo.Events, snapshots[1].GetProperty("events").GetInt64());
        Assert.Contains(
            $"request {demo.Json.GetProperty("slow").GetProperty("id")} took",
            snapshots[0].GetProperty("reason").GetString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Every_request_is_in_the_trace_when_nothing_was_lost()
    {
        long requests = demo.Json.GetProperty("requests").GetInt64();
        Assert.Empty(demo.Json.GetProperty("lost").EnumerateObject());
        Assert.True(requests > LeastRequests, $"{requests} requests");
        Assert.True(demo.Events >= requests * LeastEventsPerRequest, $"{demo.Events} events of {requests} requests");
        string[] lines = CommandRun.Tool("view", demo.FinalTrace).Lines;
        Assert.Equal(requests, lines.Count(line => line.Contains("Demo:Request_begin", StringComparison.Ordinal)));
        Assert.Equal(requests, lines.Count(line => line.Contains("Demo:Request_end", StringComparison.Ordinal)));
    }

    [Fact]
    public void Babeltrace_prints_as_many_lines_as_there_are_events()
    {
        CommandRun final = CommandRun.Babeltrace(demo.FinalTrace);
        Assert.Equal(0, final.ExitCode);
        Assert.Empty(final.Error);
        Assert.Equal(demo.Events, final.Lines.Length);

        CommandRun slow = CommandRun.Babeltrace(demo.SlowTrace);
        Assert.Equal(0, slow.ExitCode);
        Assert.Empty(slow.Error);
        Assert.Equal(
            demo.Json.GetProperty("snapshots")[0].GetProperty("events").GetInt64(), slow.Lines.Length);
    }

    [Fact]
    public void The_triggered_trace_holds_the_slow_request_from_begin_to_end()
    {
        string id = demo.Json.GetProperty("slow").GetProperty("id").GetRawText();
        decimal milliseconds = demo.Json.GetProperty("slow").GetProperty("ms").GetDecimal();
        string[] lines = CommandRun.Babeltrace("--clock-seconds", demo.SlowTrace).Lines;

        Match begin = Assert.Single(lines.Select(line => RequestBegin().Match(line)), match => match.Groups["id"].Value == id);
        Match end = Assert.Single(
            lines.Select(line => RequestEnd().Match(line)),
            match => match.Groups["span"].Value == begin.Groups["span"].Value);
        decimal held = (TimeOf(end) - TimeOf(begin)) * 1000;
        Assert.InRange(held, 0.8m * milliseconds, milliseconds + MicrosecondOfRounding);
        Assert.True(milliseconds > LeastSlowMilliseconds);
    }

    [Fact]
    public void The_text_tells_the_same_without_colours()
    {
        string output = Path.Combine(demo.Folder, "text");
        CommandRun run = CommandRun.Tool("demo", "--seconds", "1", "--out", output);
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.DoesNotContain('\e', run.Output);
        foreach (string label in (string[])["Requests ", "Events ", "History ", "Lost ", "Slow request "])
        {
            Assert.Contains(run.Lines, line => line.StartsWith(label, StringComparison.Ordinal));
        }

        Assert.Contains(run.Lines, line => line.Contains("Demo:Request_begin {", StringComparison.Ordinal));
        Assert.Contains(run.Lines, line => line.Contains("Demo:Request_end {", StringComparison.Ordinal));
        Assert.Contains("  babeltrace2 " + Path.Combine(output, "slow"), run.Lines);
        Assert.Contains(run.Lines, line => line.Contains("Trace Compass", StringComparison.Ordinal));
    }

    [Fact]
    public void A_directory_with_something_in_it_is_refused()
    {
        CommandRun run = CommandRun.Tool("demo", "--seconds", "1", "--out", demo.Output);
        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Equal($"ringtrace: {demo.Output} exists and is not an empty directory: name another with --out.\n", run.Error);
    }

    private static decimal TimeOf(Match line) =>
        decimal.Parse(line.Groups["time"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\[(?<time>[0-9.]+)\].* Demo:Request_begin: .*\{ span = (?<span>\d+), id = (?<id>\d+),")]
    private static partial Regex RequestBegin();

    [GeneratedRegex(@"^\[(?<time>[0-9.]+)\].* Demo:Request_end: .*\{ span = (?<span>\d+) \}")]
    private static partial Regex RequestEnd();
}
