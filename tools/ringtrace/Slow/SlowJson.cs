using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using RingTrace.Formats.Spans;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Slow;

/// <summary>What <c>view TRACE slow --json</c> prints; its names are a contract. Durations are nanoseconds.</summary>
/// <param name="Trace">The directory.</param>
/// <param name="Events">Events in the window.</param>
/// <param name="Spans">By name.</param>
/// <param name="Longest">The longest first.</param>
/// <param name="GivenUp">Spans that were forgotten because too many were open.</param>
/// <param name="EventsDiscarded">Events that the trace lost.</param>
/// <param name="PacketsLost">Packets that it lost.</param>
/// <param name="Problems">What could not be read.</param>
internal sealed record SlowJson(
    string Trace,
    long Events,
    IReadOnlyList<NamedSpansJson> Spans,
    IReadOnlyList<SpanJson> Longest,
    long GivenUp,
    ulong EventsDiscarded,
    ulong PacketsLost,
    IReadOnlyList<string> Problems)
{
    public static SlowJson Of(SlowSpans slow) => new(
        slow.Reader.Directory,
        slow.Events,
        [.. slow.Names.OrderByDescending(item => item.Value.Durations.Max).Select(item => NamedSpansJson.Of(item.Key, item.Value))],
        [.. slow.Longest.Select(SpanJson.Of)],
        slow.GivenUp,
        slow.Reader.Losses.EventsDiscarded,
        slow.Reader.Losses.PacketsLost,
        [.. slow.Reader.Problems.Select(problem => problem.Message)]);

    public void Write(TextWriter writer)
    {
        SlowJsonContext context = new(new JsonSerializerOptions(SlowJsonContext.Default.Options)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
        writer.WriteLine(JsonSerializer.Serialize(this, context.SlowJson));
    }
}

/// <summary>The spans of one name; cut ones are in no figure but their own. Percentiles are exact within 0.4 %.</summary>
internal sealed record NamedSpansJson(
    string Name, long Count, long MinNs, long P50Ns, long P90Ns, long P99Ns, long MaxNs, long CutAtBegin, long CutAtEnd)
{
    public static NamedSpansJson Of(string name, NamedSpans named)
    {
        DurationHistogram durations = named.Durations;
        return new NamedSpansJson(
            name, durations.Count, durations.Min, durations.Percentile(50), durations.Percentile(90), durations.Percentile(99),
            durations.Max, named.CutAtBegin, named.CutAtEnd);
    }
}

/// <summary>
/// A span. <c>Cut</c> is begin, end or both, when it is longer than is said here; <c>Fields</c> are those of the event that
/// began it, <c>Inside</c> the first and the last things that happened in it on its thread.
/// </summary>
internal sealed record SpanJson(
    string Name, ulong Span, string Begin, long DurationNs, IReadOnlyList<string> Cut, long Tid, long EndTid, int Cpu,
    JsonElement? Fields, IReadOnlyList<ItemJson> Inside, MoreJson? MoreInside)
{
    public static SpanJson Of(SpanStory story)
    {
        TracedSpan span = story.Span;
        ItemJson[] first = [.. story.First.Select(ItemJson.Of)];
        return new SpanJson(
            span.Name, span.Id, EventJson.Time(span.Begin), story.Duration,
            [.. Enum.GetValues<SpanCut>().Where(cut => cut != 0 && span.Cut.HasFlag(cut)).Select(cut => cut.ToString().ToLowerInvariant())],
            span.ThreadId, span.EndThreadId, span.Cpu, story.Fields.Json,
            [.. first, .. story.Last.Select(ItemJson.Of)], story.More > 0 ? new MoreJson(first.Length, story.More) : null);
    }
}

/// <summary>Something inside a span; an event has no duration.</summary>
internal sealed record ItemJson(string Time, int Depth, string Name, long? DurationNs, JsonElement? Fields)
{
    public static ItemJson Of(StoryItem item) =>
        new(EventJson.Time(item.Time), item.Depth, item.Name, item.Span?.Duration, item.Fields.Json);
}

/// <summary>How many things are left out, and behind how many of those that are told.</summary>
internal sealed record MoreJson(int After, long Count);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SlowJson))]
internal sealed partial class SlowJsonContext : JsonSerializerContext;
