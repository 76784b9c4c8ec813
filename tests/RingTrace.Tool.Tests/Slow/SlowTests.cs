using System.Globalization;
using System.Text.Json;
using RingTrace.Formats;
using RingTrace.Formats.Spans;
using Xunit;

namespace RingTrace.Tool.Tests;

public sealed class SlowTests(DemoFixture demo, TypeFixture types)
{
    private long SlowId => demo.Json.GetProperty("slow").GetProperty("id").GetInt64();

    [Fact]
    public void The_request_that_was_made_slow_comes_first_with_its_id()
    {
        CommandRun run = CommandRun.Tool("view", demo.SlowTrace, "slow", "--top", "2");
        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        string first = Assert.Single(run.Lines, line => line.StartsWith("1. ", StringComparison.Ordinal));
        Assert.StartsWith("1. Demo:Request  ", first, StringComparison.Ordinal);
        Assert.Contains($", id = {SlowId}, ", first, StringComparison.Ordinal);
        Assert.Contains(run.Lines, line => line.Contains("Demo:Compute", StringComparison.Ordinal)
            && line.Contains($"id = {SlowId} ", StringComparison.Ordinal));
        Assert.Contains("Lost: nothing", run.Lines);
        Assert.DoesNotContain(run.Lines, line => line.StartsWith("3. ", StringComparison.Ordinal));
    }

    [Fact]
    public void Figures_are_those_of_spans_paired_by_hand()
    {
        PairedSpans spans = PairedSpans.Of(demo.FinalTrace);
        JsonElement slow = Slow(demo.FinalTrace);
        Assert.Equal(spans.Events, slow.GetProperty("events").GetInt64());
        Dictionary<string, long[]> expected = spans.Whole.GroupBy(span => span.Name).ToDictionary(
            group => group.Key, group => group.Select(span => span.End - span.Begin).Order().ToArray());
        JsonElement[] names = [.. slow.GetProperty("spans").EnumerateArray()];
        Assert.Equal(expected.Keys.Order(), names.Select(name => name.GetProperty("name").GetString()!).Order());
        foreach (JsonElement name in names)
        {
            long[] sorted = expected[name.GetProperty("name").GetString()!];
            Assert.Equal(sorted.Length, name.GetProperty("count").GetInt64());
            Assert.Equal(sorted[0], name.GetProperty("minNs").GetInt64());
            Assert.Equal(sorted[^1], name.GetProperty("maxNs").GetInt64());
            foreach (int percent in (int[])[50, 90, 99])
            {
                double exact = sorted[(((percent * sorted.Length) + 99) / 100) - 1];
                Assert.InRange(
                    Math.Abs(name.GetProperty($"p{percent}Ns").GetInt64() - exact), 0, exact * DurationHistogram.RelativeError);
            }
        }

        Assert.Equal(spans.Begun.Count, names.Sum(name => name.GetProperty("cutAtEnd").GetInt32()));
        Assert.Equal(spans.CutAtBegin, names.Sum(name => name.GetProperty("cutAtBegin").GetInt32()));
    }

    [Fact]
    public void The_longest_are_in_order_and_what_happened_inside_is_all_counted()
    {
        PairedSpans spans = PairedSpans.Of(demo.SlowTrace);
        JsonElement[] longest = [.. Slow(demo.SlowTrace, "--top", "5").GetProperty("longest").EnumerateArray()];
        JsonElement[] whole = [.. longest.Where(span => span.GetProperty("cut").GetArrayLength() == 0)];
        Assert.Equal(
            spans.Whole.Select(span => span.End - span.Begin).OrderDescending().Take(whole.Length),
            whole.Select(span => span.GetProperty("durationNs").GetInt64()));
        Assert.Equal(SlowId, longest[0].GetProperty("fields").GetProperty("id").GetInt64());
        foreach (JsonElement span in whole)
        {
            JsonElement more = span.GetProperty("moreInside");
            long told = span.GetProperty("inside").GetArrayLength()
                + (more.ValueKind == JsonValueKind.Null ? 0 : more.GetProperty("count").GetInt64());
            Assert.Equal(Inside(span), told);
        }

        JsonElement compute = longest[0].GetProperty("inside")[0];
        Assert.Equal(("Demo:Compute", 0), (compute.GetProperty("name").GetString(), compute.GetProperty("depth").GetInt32()));
        Assert.Equal(1, longest[0].GetProperty("inside")[1].GetProperty("depth").GetInt32());
    }

    [Fact]
    public void Spans_are_chosen_by_name_and_by_what_their_begin_says()
    {
        JsonElement store = Slow(demo.SlowTrace, "--events", "Demo:St*");
        Assert.Equal("Demo:Store", Assert.Single(store.GetProperty("spans").EnumerateArray()).GetProperty("name").GetString());
        JsonElement request = Slow(demo.SlowTrace, "--where", $"id == {SlowId}", "--top", "100");
        Assert.Equal(
            ["Demo:Compute", "Demo:Request"],
            request.GetProperty("longest").EnumerateArray().Select(span => span.GetProperty("name").GetString()!).Order());
        Assert.Empty(Slow(demo.SlowTrace, "--level", "warning").GetProperty("spans").EnumerateArray());
    }

    [Fact]
    public void Timed_spans_count_as_well()
    {
        JsonElement timed = Assert.Single(Slow(types.Trace).GetProperty("spans").EnumerateArray());
        Assert.Equal(("Types:Timed", 1), (timed.GetProperty("name").GetString(), timed.GetProperty("count").GetInt32()));
    }

    [Fact]
    public void A_picture_of_the_longest_span_tells_of_no_more_spans_than_were_asked_for()
    {
        string picture = Path.GetTempFileName();
        try
        {
            JsonElement slow = Slow(demo.SlowTrace, "--top", "0", "--svg", picture);
            Assert.Empty(slow.GetProperty("longest").EnumerateArray());
            Assert.Contains("Demo:Request", File.ReadAllText(picture), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(picture);
        }
    }

    [Theory]
    [InlineData("--top", "1001")]
    [InlineData("--top", "-1")]
    [InlineData("--top", "many")]
    public void What_cannot_be_is_wrong_usage(params string[] options) =>
        Assert.Equal(2, CommandRun.Tool(["view", demo.SlowTrace, "slow", .. options]).ExitCode);

    private static JsonElement Slow(string trace, params string[] options)
    {
        CommandRun run = CommandRun.Tool(["view", trace, "slow", "--json", .. options]);
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonDocument.Parse(run.Output).RootElement;
    }

    /// <summary>Events of the span's thread between its begin and end that begin something or happen.</summary>
    private long Inside(JsonElement span)
    {
        List<(string Name, string Time, ulong Span)> events = [];
        long thread = span.GetProperty("tid").GetInt64();
        ulong id = span.GetProperty("span").GetUInt64();
        foreach (EventView e in TraceReader.Open(demo.SlowTrace).Events(new TraceQuery { ThreadId = thread }))
        {
            int ordinal = e.EventClass.IndexOf("span");
            events.Add((e.Name, e.Timestamp.ToString(CultureInfo.InvariantCulture), ordinal < 0 ? 0 : e.GetUInt64(ordinal)));
        }

        int begin = events.FindIndex(item => item.Span == id);
        long end = Nanoseconds(span.GetProperty("begin").GetString()!) + span.GetProperty("durationNs").GetInt64();
        return events.Skip(begin + 1).TakeWhile(item => long.Parse(item.Time, CultureInfo.InvariantCulture) <= end)
            .Count(item => item.Span != id && !item.Name.EndsWith("_end", StringComparison.Ordinal));
    }

    private static long Nanoseconds(string time)
    {
        long seconds = DateTimeOffset.Parse(time[..19] + "Z", CultureInfo.InvariantCulture).ToUnixTimeSeconds();
        return (seconds * 1_000_000_000) + long.Parse(time[20..29], CultureInfo.InvariantCulture);
    }
}
