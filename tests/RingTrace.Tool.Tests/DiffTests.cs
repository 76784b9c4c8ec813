using System.Text.Json;
using Xunit;

namespace RingTrace.Tool.Tests;

public sealed class DiffTests(DemoFixture demo, TypeFixture types)
{
    [Fact]
    public void A_trace_does_not_differ_from_itself()
    {
        JsonElement diff = Diff(demo.FinalTrace, demo.FinalTrace);
        Assert.Equal(demo.Events, diff.GetProperty("a").GetProperty("events").GetInt64());
        Assert.Equal(diff.GetProperty("a").GetRawText(), diff.GetProperty("b").GetRawText());
        Assert.NotEmpty(diff.GetProperty("events").EnumerateArray());
        Assert.All(diff.GetProperty("events").EnumerateArray(), item => Assert.Equal(1, item.GetProperty("ratio").GetDouble()));
        Assert.All(diff.GetProperty("spans").EnumerateArray(), span => Assert.All(
            (string[])["p50", "p90", "p99", "max"],
            name => Assert.Equal(1, span.GetProperty(name).GetProperty("ratio").GetDouble())));
        Assert.Empty(diff.GetProperty("onlyInA").EnumerateArray());
        Assert.Empty(diff.GetProperty("onlyInB").EnumerateArray());
    }

    [Fact]
    public void Counts_rates_and_durations_are_those_of_each_trace_and_what_changed_most_comes_first()
    {
        JsonElement diff = Diff(demo.SlowTrace, demo.FinalTrace);
        JsonElement request = diff.GetProperty("spans").EnumerateArray().Single(span => span.GetProperty("name").GetString() == "Demo:Request");
        Assert.Equal(demo.Json.GetProperty("requests").GetInt64(), request.GetProperty("countB").GetInt64());
        PairedSpans slow = PairedSpans.Of(demo.SlowTrace);
        Assert.Equal(slow.Whole.Count(span => span.Name == "Demo:Request"), request.GetProperty("countA").GetInt64());
        double slowNs = demo.Json.GetProperty("slow").GetProperty("ms").GetDouble() * 1e6;
        Assert.InRange(request.GetProperty("max").GetProperty("bNs").GetInt64(), 0.8 * slowNs, slowNs + 1000);
        Assert.True(request.GetProperty("p50").GetProperty("aNs").GetInt64() <= request.GetProperty("p99").GetProperty("aNs").GetInt64());

        JsonElement events = diff.GetProperty("events");
        JsonElement begin = events.EnumerateArray().Single(item => item.GetProperty("name").GetString() == "Demo:Request_begin");
        double rate = begin.GetProperty("countA").GetInt64() / diff.GetProperty("a").GetProperty("seconds").GetDouble();
        Assert.Equal(rate, begin.GetProperty("perSecondA").GetDouble(), rate * 1e-9);
        double[] changes = [.. events.EnumerateArray().Select(item => Math.Abs(Math.Log(item.GetProperty("ratio").GetDouble())))];
        Assert.Equal(changes.OrderDescending(), changes);
    }

    [Fact]
    public void What_only_one_has_is_told()
    {
        JsonElement diff = Diff(demo.SlowTrace, types.Trace);
        Assert.Empty(diff.GetProperty("events").EnumerateArray());
        Assert.Contains("Demo:SlowRequest", Names(diff.GetProperty("onlyInA")));
        Assert.Contains("Types:Single", Names(diff.GetProperty("onlyInB")));
        string text = CommandRun.Tool("diff", demo.SlowTrace, types.Trace, "--top", "1").Output;
        Assert.Contains("only in A: Demo:", text, StringComparison.Ordinal);
        Assert.Contains("only in B: Types:", text, StringComparison.Ordinal);
        Assert.Contains(" more", text, StringComparison.Ordinal);
    }

    [Fact]
    public void As_text_both_windows_and_losses_are_stated()
    {
        CommandRun run = CommandRun.Tool("diff", demo.SlowTrace, demo.FinalTrace, "--top", "2");
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.Equal($"A  {demo.SlowTrace}", run.Lines[0]);
        Assert.Equal($"B  {demo.FinalTrace}", run.Lines[2]);
        Assert.All((int[])[1, 3], line => Assert.Contains("lost in the window: nothing", run.Lines[line], StringComparison.Ordinal));
        Assert.DoesNotContain('\e', run.Output);
    }

    private static JsonElement Diff(string a, string b)
    {
        CommandRun run = CommandRun.Tool("diff", a, b, "--json");
        Assert.Equal(0, run.ExitCode);
        return JsonDocument.Parse(run.Output).RootElement;
    }

    private static IEnumerable<string?> Names(JsonElement events) =>
        events.EnumerateArray().Select(item => item.GetProperty("name").GetString());
}
