using System.Text.Json;
using RingTrace.Formats;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;
using Xunit;

namespace RingTrace.Tool.Tests;

/// <summary>Values of every type, as scripts and expressions see them.</summary>
public sealed class TypeTests(TypeFixture types)
{
    [Fact]
    public void Json_has_values_as_the_program_had_them()
    {
        string[] fields = [.. CommandRun.Tool("view", types.Trace, "--json", "--events", "Types:Single,Types:Maybe,Types:Several,Types:Cut").Lines
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("fields").GetRawText())];
        Assert.Equal(
            [
                """{"yes":true,"letter":"x","colour":"Green","toppings":"Salt|Oil","id":"00112233-4455-6677-8899-aabbccddeeff","""
                    + """ "time":"2026-03-05T12:00:00.0000000Z","local":"2026-03-05T13:00:00.0000000+01:00","wait":"00:00:01.5000000","peer":"127.0.0.1"}"""
                        .TrimStart(),
                """{"yes":false,"letter":"\"","colour":7,"toppings":0,"id":"00000000-0000-0000-0000-000000000000","""
                    + """ "time":"2026-03-05T12:00:00.0000000Z","local":"2026-03-05T12:00:00.0000000+00:00","wait":"00:00:00","peer":null}"""
                        .TrimStart(),
                """{"number":5,"colour":"Red","yes":true,"letter":"x","wait":"00:00:00.0000003","ratio":1E+19}""",
                """{"number":null,"colour":null,"yes":null,"letter":null,"wait":null,"ratio":null}""",
                """{"numbers":[1,-2],"_numbers_total":3,"weights":[0.5,"NaN"],"raw":"0x0102FF"}""",
                """{"raw":"0x0102","_raw_total":3,"raw_total":7}""",
            ],
            fields);
    }

    [Theory]
    [InlineData("yes", 2)]
    [InlineData("yes == false", 1)]
    [InlineData("colour == 'Green' or colour == 7 or colour == 1", 3)]
    [InlineData("colour == 2", 1)]
    [InlineData("colour ~ 'Gre*' and toppings == 3 and toppings == 'Salt|Oil'", 1)]
    [InlineData("wait > 1s and wait < 2s and wait == '00:00:01.5000000'", 1)]
    [InlineData("wait <= 0", 1)]
    [InlineData("wait > 1.4999e9 and 1.5e9 == wait and wait < 1.5000000001e9", 1)]
    [InlineData("colour > 1.5 and colour < 2.5", 1)]
    [InlineData("ratio == 10000000000000000000 and ratio < 10000000000000000001", 1)]
    [InlineData("peer == null", 1)]
    [InlineData("peer ~ '127.*'", 1)]
    [InlineData("number == null or number > 4", 2)]
    [InlineData("number > 4", 1)]
    [InlineData("letter == 'x'", 2)]
    [InlineData("id == '00112233-4455-6677-8899-aabbccddeeff'", 1)]
    [InlineData(".time ~ '2026-03-05T12*'", 2)]
    [InlineData("category == 'testing' and level >= 'warning'", 2)]
    [InlineData("duration >= 0 and duration < 10s and n == 1", 1)]
    public void Expressions_see_the_same(string expression, int events)
    {
        TraceReader reader = TraceReader.Open(types.Trace);
        EventFilter filter = new(reader, new TraceQuery(), WhereParser.Parse(expression));
        using EventJson nowhere = new(Stream.Null);
        Assert.Equal(events, EventCopy.Run(reader, filter, nowhere, progress: null, CancellationToken.None));
    }

    [Fact]
    public void Statistics_tell_limits_what_they_held_back_and_what_never_occurred()
    {
        JsonElement stats = JsonDocument.Parse(CommandRun.Tool("stats", types.Trace, "--json").Output).RootElement;
        JsonElement recorder = stats.GetProperty("recorders")[0];
        JsonElement limit = Assert.Single(recorder.GetProperty("limits").EnumerateArray());
        long recorded = stats.GetProperty("events").EnumerateArray()
            .Single(kind => kind.GetProperty("name").GetString() == "Types:Limited").GetProperty("count").GetInt64();
        Assert.Equal("Types:Limited", limit.GetProperty("name").GetString());
        Assert.Equal(3, limit.GetProperty("mostPerSecond").GetInt64());
        Assert.Equal(TypeFixture.LimitedCalls - recorded, limit.GetProperty("suppressed").GetInt64());
        Assert.Equal(TypeFixture.LimitedCalls - recorded, recorder.GetProperty("suppressedEvents").GetInt64());
        Assert.Contains("Types:Never", stats.GetProperty("neverOccurred").EnumerateArray().Select(name => name.GetString()));
        Assert.Contains(stats.GetProperty("events").EnumerateArray(), kind =>
            kind.GetProperty("name").GetString() == "Types:Single" && kind.GetProperty("category").GetString() == "testing"
            && kind.GetProperty("level").GetString() == "Warning");
        Assert.Contains("  Types:Limited: at most 3 a second, ", CommandRun.Tool("stats", types.Trace).Output, StringComparison.Ordinal);
    }
}
