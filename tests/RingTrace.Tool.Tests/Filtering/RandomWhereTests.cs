using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using RingTrace.Formats;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;
using Xunit;

namespace RingTrace.Tool.Tests;

public sealed class RandomWhereTests(DemoFixture demo, TypeFixture types)
{
    private const int EventsBeside = 150;
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(500);

    [Fact]
    public void An_expression_says_of_an_event_what_it_says_of_its_json()
    {
        TraceReader reader = TraceReader.Open(demo.FinalTrace);
        Agrees(reader, AroundTheSlowRequest(reader), new Dictionary<(string, string), long>());
    }

    [Fact]
    public void So_it_does_of_values_of_every_type() => Agrees(
        TraceReader.Open(types.Trace),
        new TraceQuery { Name = "Types:Single,Types:Maybe,Types:Limited,Types:Timed*" },
        new Dictionary<(string, string), long>
        {
            [("colour", "Red")] = 1,
            [("colour", "Green")] = 2,
            [("toppings", "Salt|Oil")] = 3,
            [("wait", "00:00:00")] = 0,
            [("wait", "00:00:00.0000003")] = 300,
            [("wait", "00:00:01.5000000")] = 1_500_000_000,
        });

    private static void Agrees(TraceReader reader, TraceQuery query, IReadOnlyDictionary<(string, string), long> numbers)
    {
        List<JsonElement> events = [.. Lines(reader, new EventFilter(reader, query, where: null))
            .Select(line => JsonDocument.Parse(line).RootElement)];
        ILookup<string, JsonElement> values = events
            .SelectMany(item => item.GetProperty("fields").EnumerateObject().Concat(item.EnumerateObject()))
            .Where(value => value.Name is not ("time" or "fields"))
            .ToLookup(value => value.Name, value => value.Value);
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => Agrees(reader, query, events, new RandomWhere(seed, values, numbers)))
            .Check(Runs);
    }

    /// <summary>Events of every kind.</summary>
    private static TraceQuery AroundTheSlowRequest(TraceReader reader)
    {
        List<long> times = [];
        int slow = -1;
        foreach (EventView item in reader.Events())
        {
            slow = item.Name == "Demo:SlowRequest" ? times.Count : slow;
            times.Add(item.Timestamp);
        }

        Assert.True(slow >= 0);
        return new TraceQuery
        {
            From = times[Math.Max(0, slow - EventsBeside)],
            To = times[Math.Min(times.Count - 1, slow + EventsBeside)],
        };
    }

    private static void Agrees(TraceReader reader, TraceQuery query, List<JsonElement> events, RandomWhere random)
    {
        (string text, Func<JsonElement, bool> holds) = random.Next();
        List<string> expected = [.. events.Where(holds).Select(item => item.GetRawText())];
        string[] actual = Lines(reader, new EventFilter(reader, query, WhereParser.Parse(text)));
        Assert.True(expected.SequenceEqual(actual), $"{text}\nexpected {expected.Count} events, got {actual.Length}");
    }

    private static string[] Lines(TraceReader reader, EventFilter filter)
    {
        using MemoryStream lines = new();
        using (EventJson json = new(lines))
        {
            EventCopy.Run(reader, filter, json, progress: null, CancellationToken.None);
        }

        return Encoding.UTF8.GetString(lines.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
