using System.Diagnostics;
using System.Runtime.InteropServices;
using RingTrace.Formats;
using RingTrace.Formats.Spans;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Live;

/// <summary>Counts what happens between two looks: events by name, durations of spans, losses. For one thread.</summary>
internal sealed class TopCounter
{
    private readonly Dictionary<string, long> _counts = [];
    private readonly Dictionary<string, DurationHistogram> _spans = [];
    private readonly SpanTracker _tracker = new();
    private Losses _lost = new();
    private long _late;
    private long _start = Stopwatch.GetTimestamp();

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    public void Add(in EventView item)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, item.Name, out _)++;
        if (_tracker.Add(item) is { IsOpen: false, Cut: SpanCut.None } span)
        {
            ref DurationHistogram? durations = ref CollectionsMarshal.GetValueRefOrAddDefault(_spans, span.Name, out _);
            (durations ??= new DurationHistogram()).Add(span.Duration);
        }
    }

    /// <summary>What was counted since the last call; begins anew.</summary>
    /// <param name="lost">All that was lost so far.</param>
    /// <param name="late">All that came late so far.</param>
    public TopInterval Take(Losses lost, long late)
    {
        double seconds = Elapsed.TotalSeconds;
        long total = _counts.Values.Sum();
        TopInterval interval = new(
            EventJson.Time(Instants.Of(DateTimeOffset.UtcNow)),
            seconds,
            total,
            total / seconds,
            [.. _counts.OrderByDescending(item => item.Value).ThenBy(item => item.Key, StringComparer.Ordinal)
                .Select(item => new TopEvent(item.Key, item.Value, item.Value / seconds))],
            [.. _spans.OrderByDescending(item => item.Value.Count).ThenBy(item => item.Key, StringComparer.Ordinal)
                .Select(item => TopSpan.Of(item.Key, item.Value))],
            lost.Since(_lost).Causes,
            late - _late);
        (_lost, _late, _start) = (lost, late, Stopwatch.GetTimestamp());
        _counts.Clear();
        _spans.Clear();
        return interval;
    }
}

/// <summary>What <c>top --json</c> prints for each interval; its names are a contract.</summary>
/// <param name="Time">When the interval ended.</param>
/// <param name="Seconds">How long it was.</param>
/// <param name="TotalEvents">Events that were read in it.</param>
/// <param name="PerSecond">By the interval's length.</param>
/// <param name="Events">By name, the most frequent first.</param>
/// <param name="Spans">Those that ended in it, by name, the most frequent first.</param>
/// <param name="Lost">What was lost in it, by cause.</param>
/// <param name="Late">Events that were read after later ones.</param>
internal sealed record TopInterval(
    string Time,
    double Seconds,
    long TotalEvents,
    double PerSecond,
    IReadOnlyList<TopEvent> Events,
    IReadOnlyList<TopSpan> Spans,
    IReadOnlyDictionary<string, ulong> Lost,
    long Late);

/// <summary>How often a kind of event occurred.</summary>
internal sealed record TopEvent(string Name, long Count, double PerSecond);

/// <summary>How long a kind of span took.</summary>
internal sealed record TopSpan(string Name, long Count, long P50Ns, long P90Ns, long P99Ns, long MaxNs)
{
    public static TopSpan Of(string name, DurationHistogram durations) => new(
        name, durations.Count, durations.Percentile(50), durations.Percentile(90), durations.Percentile(99), durations.Max);
}
