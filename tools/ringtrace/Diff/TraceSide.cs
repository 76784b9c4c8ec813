using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using RingTrace.Formats;
using RingTrace.Formats.Spans;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Diff;

/// <summary>One of two traces that are compared.</summary>
/// <param name="Trace">The directory.</param>
/// <param name="Seconds">From the first packet's begin to the last's end.</param>
/// <param name="Events">How many events it holds.</param>
/// <param name="EventsDiscarded">Events lost within the window.</param>
/// <param name="PacketsLost">Packets missing within the window.</param>
/// <param name="SpansCut">Spans whose begin or end it does not hold: they have no duration.</param>
internal sealed record TraceSide(
    string Trace, double Seconds, long Events, ulong EventsDiscarded, ulong PacketsLost, long SpansCut)
{
    private const double NanosecondsPerSecond = 1e9;

    /// <summary>How often each kind of event occurs.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, long> Counts { get; private init; } = new Dictionary<string, long>();

    /// <summary>The durations of each kind of span.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, DurationHistogram> Spans { get; private init; } =
        new Dictionary<string, DurationHistogram>();

    /// <summary>Reads the whole trace.</summary>
    public static TraceSide Read(TraceReader reader)
    {
        Dictionary<EventClass, long> counts = [];
        Dictionary<string, DurationHistogram> spans = [];
        SpanTracker tracker = new();
        using Progress progress = new($"reading {reader.Directory}", reader.Bytes);
        foreach (EventView item in reader.Events().Watched(progress, CancellationToken.None))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, item.EventClass, out _)++;
            if (tracker.Add(item) is { IsOpen: false, Cut: SpanCut.None } span)
            {
                ref DurationHistogram? durations = ref CollectionsMarshal.GetValueRefOrAddDefault(spans, span.Name, out _);
                (durations ??= new DurationHistogram()).Add(span.Duration);
            }
        }

        TraceWindow window = TraceWindow.Of(reader);
        long cut = tracker.CutAtBegin + tracker.GivenUp + tracker.Finish().Count;
        return new TraceSide(
            reader.Directory,
            Math.Max(0, window.Last - window.First ?? 0) / NanosecondsPerSecond,
            counts.Values.Sum(),
            reader.Losses.EventsDiscarded,
            reader.Losses.PacketsLost,
            cut)
        {
            Counts = counts.GroupBy(count => count.Key.Name).ToDictionary(kind => kind.Key, kind => kind.Sum(count => count.Value)),
            Spans = spans,
        };
    }

    public double RateOf(string name) => Seconds > 0 ? Counts.GetValueOrDefault(name) / Seconds : 0;
}
