using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using RingTrace.Formats.Spans;

namespace RingTrace.Tool.Diff;

/// <summary>What <c>diff --json</c> prints; its names are a contract.</summary>
/// <param name="A">The first trace.</param>
/// <param name="B">The second.</param>
/// <param name="Events">The kinds of events of both, what changed most first.</param>
/// <param name="Spans">The kinds of spans of both, likewise.</param>
/// <param name="OnlyInA">Kinds of events that only the first has, the most frequent first.</param>
/// <param name="OnlyInB">Those of the second.</param>
internal sealed record TraceDiff(
    TraceSide A,
    TraceSide B,
    IReadOnlyList<EventChange> Events,
    IReadOnlyList<SpanChange> Spans,
    IReadOnlyList<EventChange> OnlyInA,
    IReadOnlyList<EventChange> OnlyInB)
{
    public static TraceDiff Of(TraceSide a, TraceSide b)
    {
        List<EventChange> events = [.. a.Counts.Keys.Union(b.Counts.Keys).Order(StringComparer.Ordinal)
            .Select(name => EventChange.Of(name, a, b))];
        IEnumerable<SpanChange> spans = a.Spans.Keys.Intersect(b.Spans.Keys).Order(StringComparer.Ordinal)
            .Select(name => SpanChange.Of(name, a.Spans[name], b.Spans[name]));
        return new TraceDiff(
            a,
            b,
            [.. events.Where(item => item.CountA > 0 && item.CountB > 0).OrderByDescending(item => Change(item.Ratio))],
            [.. spans.OrderByDescending(span => span.Most)],
            [.. events.Where(item => item.CountB == 0).OrderByDescending(item => item.CountA)],
            [.. events.Where(item => item.CountA == 0).OrderByDescending(item => item.CountB)]);
    }

    /// <summary>Only so many of each list.</summary>
    public TraceDiff Top(int most) => this with
    {
        Events = [.. Events.Take(most)],
        Spans = [.. Spans.Take(most)],
        OnlyInA = [.. OnlyInA.Take(most)],
        OnlyInB = [.. OnlyInB.Take(most)],
    };

    /// <summary>Twice as much is as great a change as half as much.</summary>
    public static double Change(double? ratio) => ratio is > 0 and double value ? Math.Abs(Math.Log(value)) : 0;

    public void WriteJson(TextWriter writer)
    {
        TraceDiffContext context = new(new JsonSerializerOptions(TraceDiffContext.Default.Options)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
        writer.WriteLine(JsonSerializer.Serialize(this, context.TraceDiff));
    }
}

/// <summary>How often a kind of event occurs.</summary>
/// <param name="Name"><c>Provider:Event</c>.</param>
/// <param name="CountA">In the first trace.</param>
/// <param name="CountB">In the second.</param>
/// <param name="PerSecondA">Over the first trace's window.</param>
/// <param name="PerSecondB">Over the second's.</param>
/// <param name="Ratio">The second rate by the first; null when the first is 0.</param>
internal sealed record EventChange(
    string Name, long CountA, long CountB, double PerSecondA, double PerSecondB, double? Ratio)
{
    public static EventChange Of(string name, TraceSide a, TraceSide b)
    {
        (double rateA, double rateB) = (a.RateOf(name), b.RateOf(name));
        return new EventChange(
            name, a.Counts.GetValueOrDefault(name), b.Counts.GetValueOrDefault(name), rateA, rateB, rateA > 0 ? rateB / rateA : null);
    }
}

/// <summary>How long a kind of span takes, in nanoseconds.</summary>
/// <param name="Name"><c>Provider:Span</c>.</param>
/// <param name="CountA">Whole ones in the first trace.</param>
/// <param name="CountB">In the second.</param>
/// <param name="P50">The median.</param>
/// <param name="P90">90 of 100 take no longer.</param>
/// <param name="P99">99 of 100.</param>
/// <param name="Max">The longest.</param>
internal sealed record SpanChange(
    string Name, long CountA, long CountB, DurationChange P50, DurationChange P90, DurationChange P99, DurationChange Max)
{
    /// <summary>How much it changed. The longest one is a single case and does not count.</summary>
    [JsonIgnore]
    public double Most => ((DurationChange[])[P50, P90, P99]).Max(percentile => TraceDiff.Change(percentile.Ratio));

    public static SpanChange Of(string name, DurationHistogram a, DurationHistogram b)
    {
        return new SpanChange(name, a.Count, b.Count, At(50), At(90), At(99), DurationChange.Of(a.Max, b.Max));

        DurationChange At(double percent) => DurationChange.Of(a.Percentile(percent), b.Percentile(percent));
    }

    /// <summary>The percentiles with their names.</summary>
    public IEnumerable<(string Name, DurationChange Change)> Rows() => [("p50", P50), ("p90", P90), ("p99", P99), ("max", Max)];
}

/// <summary>A duration in both traces.</summary>
/// <param name="ANs">In the first, in nanoseconds.</param>
/// <param name="BNs">In the second.</param>
/// <param name="Ratio">The second by the first; null when the first is 0.</param>
internal sealed record DurationChange(long ANs, long BNs, double? Ratio)
{
    public static DurationChange Of(long a, long b) => new(a, b, a > 0 ? (double)b / a : null);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TraceDiff))]
internal sealed partial class TraceDiffContext : JsonSerializerContext;
