using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace RingTrace.Tool.Tests;

public sealed partial class ViewTests(DemoFixture demo)
{
    /// <summary>In seconds. A double of ticks times 10^9 is this coarse after years of uptime.</summary>
    private const decimal MostRounding = 0.000_000_020m;

    [Fact]
    public void Each_event_is_a_line_in_the_order_of_time()
    {
        CommandRun view = CommandRun.Tool("view", demo.FinalTrace);
        Assert.Equal(0, view.ExitCode);
        Assert.Empty(view.Error);
        Assert.Equal(demo.Events, view.Lines.Length);
        Assert.All(view.Lines, line => Assert.Matches(Line(), line));

        // Babeltrace goes from ticks to nanoseconds in floating point, and rounds the clock's offset and value apart.
        decimal[] expected = [.. CommandRun.Babeltrace(demo.FinalTrace).Lines.Select(TimeOf)];
        Assert.Equal(expected.Length, view.Lines.Length);
        Assert.All(expected.Zip(view.Lines.Select(TimeOf)), times =>
            Assert.InRange(times.Second - times.First, -MostRounding, MostRounding));
    }

    [Fact]
    public void The_thread_is_shown_when_asked_for()
    {
        CommandRun view = CommandRun.Tool("view", "--tid", demo.SlowTrace);
        Assert.All(view.Lines, line => Assert.Matches(LineWithThread(), line));
    }

    [Fact]
    public void As_json_each_line_is_an_object()
    {
        CommandRun view = CommandRun.Tool("view", demo.SlowTrace, "--json");
        Assert.Equal(demo.Json.GetProperty("snapshots")[0].GetProperty("events").GetInt64(), view.Lines.Length);
        string begin = view.Lines.First(line => line.Contains("Demo:Request_begin", StringComparison.Ordinal));
        JsonElement item = JsonDocument.Parse(begin).RootElement;
        Assert.Equal(["time", "cpu", "tid", "event", "fields"], item.EnumerateObject().Select(property => property.Name));
        Assert.Matches(UtcTime(), item.GetProperty("time").GetString());
        JsonElement fields = item.GetProperty("fields");
        Assert.Equal(["span", "id", "method", "path"], fields.EnumerateObject().Select(property => property.Name));
        Assert.True(fields.GetProperty("id").GetInt64() > 0);
    }

    [Fact]
    public void A_directory_above_several_traces_shows_all_of_them()
    {
        long both = demo.Json.GetProperty("snapshots").EnumerateArray()
            .Sum(snapshot => snapshot.GetProperty("events").GetInt64());
        Assert.Equal(both, CommandRun.Tool("view", demo.Output).Lines.Length);
    }

    [Fact]
    public void A_reader_that_goes_away_ends_it_quietly()
    {
        using Process process = CommandRun.StartTool(["view", demo.FinalTrace]);
        Assert.NotNull(process.StandardOutput.ReadLine());
        process.StandardOutput.Close();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.Empty(error);
    }

    /// <summary>Seconds of the day.</summary>
    private static decimal TimeOf(string line)
    {
        string[] parts = line[1..line.IndexOf(']')].Split(':');
        decimal[] numbers = [.. parts.Select(part => decimal.Parse(part, CultureInfo.InvariantCulture))];
        return (((numbers[0] * 60) + numbers[1]) * 60) + numbers[2];
    }

    [GeneratedRegex(@"^\[\d\d:\d\d:\d\d\.\d{9}\] \(\d+\) Demo:\w+ \{ .* \}$")]
    private static partial Regex Line();

    [GeneratedRegex(@"^\[\d\d:\d\d:\d\d\.\d{9}\] \(\d+, \d+\) Demo:\w+ \{ .* \}$")]
    private static partial Regex LineWithThread();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$")]
    private static partial Regex UtcTime();
}
