using System.Text.Json;
using Xunit;

namespace RingTrace.Tool.Tests;

/// <summary>A trace that LTTng-UST recorded: it says other things of itself than ours.</summary>
public sealed class ForeignTraceTests
{
    private const int Events = 80;
    private static readonly string Trace = Path.Combine(AppContext.BaseDirectory, "Data", "lttng-ust");

    [Fact]
    public void Its_events_are_shown_counted_and_chosen()
    {
        Assert.Equal(Events, CommandRun.Tool("view", Trace).Lines.Length);
        string[] hello = CommandRun.Tool("view", Trace, "--json", "--where", "n == 4 and name == 'my:hello' and col == 'WARM'").Lines;
        JsonElement fields = JsonDocument.Parse(Assert.Single(hello)).RootElement.GetProperty("fields");
        Assert.Equal("[1,2,4]", fields.GetProperty("arr").GetRawText());
        Assert.Equal("0x4772C3BCC3", fields.GetProperty("seq").GetString());
        Assert.StartsWith("Gr\u00fc", fields.GetProperty("txt").GetString(), StringComparison.Ordinal);
        Assert.Equal("WARM", fields.GetProperty("col").GetString());
    }

    [Fact]
    public void Statistics_say_nothing_that_it_does_not()
    {
        JsonElement stats = JsonDocument.Parse(CommandRun.Tool("stats", Trace, "--json").Output).RootElement;
        Assert.Equal(Events, stats.GetProperty("totalEvents").GetInt64());
        JsonElement recorder = stats.GetProperty("recorders")[0];
        Assert.Equal("lttng-ust", recorder.GetProperty("tracer").GetString());
        Assert.Equal(JsonValueKind.Null, recorder.GetProperty("writer").ValueKind);
        Assert.Equal(JsonValueKind.Null, stats.GetProperty("streams")[0].GetProperty("ring").ValueKind);
        string text = CommandRun.Tool("stats", Trace).Output;
        Assert.Contains("recorded by lttng-ust", text, StringComparison.Ordinal);
        Assert.DoesNotContain("lost since the start: nothing", text, StringComparison.Ordinal);
    }
}
