using System.Globalization;
using System.Text.Json;
using Xunit;

namespace RingTrace.Tool.Tests;

/// <summary>The filters of <c>view</c> as a script uses them.</summary>
public sealed class FilterTests(DemoFixture demo)
{
    [Fact]
    public void Events_are_chosen_by_name()
    {
        string[] all = View();
        Assert.Equal(
            all.Where(line => line.Contains("Demo:Store", StringComparison.Ordinal) || line.Contains("Demo:Call_begin", StringComparison.Ordinal)),
            View("--events", "Demo:Store*,Demo:Call_begi?"));
        Assert.Equal(View("--events", "Demo:Store*,Demo:Call_end"), View("--events", "Demo:Store*", "--events", "Demo:Call_end"));
    }

    [Fact]
    public void Events_are_chosen_by_level()
    {
        string slow = Assert.Single(View("--level", "Warning"));
        Assert.Contains("Demo:SlowRequest", slow, StringComparison.Ordinal);
        Assert.Equal([slow], View("--where", "level == 'warning'"));
        Assert.Empty(View("--level", "error"));
    }

    [Fact]
    public void A_window_is_what_its_times_say()
    {
        string[] all = View();
        string[] times = [.. View("--json").Select(line => JsonDocument.Parse(line).RootElement.GetProperty("time").GetString()!)];
        int first = all.Length / 3;
        int last = 2 * all.Length / 3;
        string[] expected = [.. all.Where((_, i) => string.CompareOrdinal(times[i], times[first]) >= 0
            && string.CompareOrdinal(times[i], times[last]) <= 0)];
        Assert.Equal(expected, View("--from", times[first], "--to", times[last]));
        Assert.Equal(expected, View("--from", all[first][1..19], "--to", all[last][1..19]));
        Assert.Equal(expected, View("--where", $"time >= '{times[first]}' and time <= '{all[last][1..19]}'"));
        Assert.Equal(View("--last", "300ms"), View("--from", "-0.3s"));
        Assert.Equal(all, View("--from", "+0s"));
    }

    [Fact]
    public void A_thread_is_chosen_by_an_expression()
    {
        string[] all = View("--tid");
        string thread = all[0][(all[0].IndexOf(", ", StringComparison.Ordinal) + 2)..all[0].IndexOf(") ", StringComparison.Ordinal)];
        Assert.Equal(
            all.Where(line => line.Contains($", {thread}) ", StringComparison.Ordinal)), View("--tid", "--where", $"tid == {thread}"));
    }

    [Fact]
    public void A_field_that_no_event_has_is_warned_of()
    {
        CommandRun run = CommandRun.Tool("view", demo.SlowTrace, "--where", "idd == 5");
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Equal("ringtrace: --where: no event of the trace has a field 'idd'\n", run.Error);
    }

    [Fact]
    public void A_window_that_ends_before_it_begins_is_wrong_usage()
    {
        CommandRun run = CommandRun.Tool("view", demo.SlowTrace, "--from", "-1ms", "--to", "+1ms");
        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Equal("ringtrace: --to is before the first time that is wanted.\n", run.Error);
    }

    [Fact]
    public void The_slow_request_is_found()
    {
        string id = demo.Json.GetProperty("slow").GetProperty("id").GetInt64().ToString(CultureInfo.InvariantCulture);
        string[] story = View("--where", $"id == {id}");
        Assert.Contains(story, line => line.Contains("Demo:SlowRequest", StringComparison.Ordinal));
        Assert.All(story, line => Assert.Contains($" id = {id},", line.Replace(" }", ",", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    private string[] View(params string[] options)
    {
        CommandRun run = CommandRun.Tool(["view", demo.SlowTrace, .. options]);
        Assert.Empty(run.Error);
        Assert.Equal(0, run.ExitCode);
        return run.Lines;
    }
}
