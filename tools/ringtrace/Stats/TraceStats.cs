using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using RingTrace.Formats;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Stats;

/// <summary>What <c>stats --json</c> prints; its names are a contract.</summary>
/// <param name="Trace">The directory.</param>
/// <param name="TotalEvents">The sum over all kinds.</param>
/// <param name="First">Where the first packet begins, UTC; null when no packet says.</param>
/// <param name="Last">Where the last packet ends, UTC.</param>
/// <param name="Seconds">From the first to the last.</param>
/// <param name="Recorders">Who recorded: one for each trace in the directory.</param>
/// <param name="Events">Every kind of event that occurs, the most frequent first.</param>
/// <param name="NeverOccurred">The names of declared events that do not.</param>
/// <param name="Streams">Every CPU's part.</param>
/// <param name="Problems">What could not be read.</param>
internal sealed record TraceStats(
    string Trace,
    long TotalEvents,
    DateTime? First,
    DateTime? Last,
    double Seconds,
    IReadOnlyList<RecorderStats> Recorders,
    IReadOnlyList<EventStats> Events,
    IReadOnlyList<string> NeverOccurred,
    IReadOnlyList<StreamStats> Streams,
    IReadOnlyList<string> Problems)
{
    private const double NanosecondsPerSecond = 1e9;

    /// <summary>Reads the whole trace.</summary>
    public static TraceStats Read(TraceReader reader)
    {
        Dictionary<EventClass, EventCount> counts = Count(reader);
        long? first = reader.Streams.Min(stream => stream.FirstTimestamp);
        long? last = reader.Streams.Max(stream => stream.LastTimestamp);
        double seconds = Math.Max(0, (last - first) ?? 0) / NanosecondsPerSecond;
        IEnumerable<EventClass> declared = reader.Traces.SelectMany(trace => trace.EventClasses);
        return new TraceStats(
            reader.Directory,
            counts.Values.Sum(count => count.Events),
            StreamStats.Time(first),
            StreamStats.Time(last),
            seconds,
            [.. reader.Traces.Select(RecorderStats.Of)],
            [.. counts.GroupBy(count => count.Key.Name).Select(kind => EventStats.Of([.. kind], seconds))
                .OrderByDescending(kind => kind.Count).ThenBy(kind => kind.Name, StringComparer.Ordinal)],
            [.. declared.Select(item => item.Name).Except(counts.Keys.Select(item => item.Name)).Order(StringComparer.Ordinal)],
            [.. reader.Traces.SelectMany(StreamStats.Of)],
            [.. reader.Problems.Select(problem => problem.Message)]);
    }

    public void WriteJson(TextWriter writer)
    {
        TraceStatsContext context = new(new JsonSerializerOptions(TraceStatsContext.Default.Options)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
        writer.WriteLine(JsonSerializer.Serialize(this, context.TraceStats));
    }

    private static Dictionary<EventClass, EventCount> Count(TraceReader reader)
    {
        Dictionary<EventClass, EventCount> counts = [];
        using Progress progress = new("reading", reader.Bytes);
        foreach (EventView item in reader.Events().Watched(progress, CancellationToken.None))
        {
            ref EventCount count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, item.EventClass, out _);
            count.Events++;
            count.Bytes += item.Size;
        }

        return counts;
    }
}

/// <summary>How often a class of events occurs.</summary>
internal struct EventCount
{
    public long Events;
    public long Bytes;
}

/// <summary>One kind of event.</summary>
/// <param name="Name"><c>Provider:Event</c>.</param>
/// <param name="Count">How many there are.</param>
/// <param name="PerSecond">Over the window of the whole trace.</param>
/// <param name="Bytes">What their records take, heads included.</param>
/// <param name="Level">Its level; null when the trace does not say.</param>
/// <param name="Category">Its category; null when it has none.</param>
internal sealed record EventStats(string Name, long Count, double PerSecond, long Bytes, string? Level, string? Category)
{
    /// <param name="kinds">Its versions, and those of several programs: classes of one name.</param>
    /// <param name="seconds">The window.</param>
    public static EventStats Of(IReadOnlyList<KeyValuePair<EventClass, EventCount>> kinds, double seconds)
    {
        long count = kinds.Sum(kind => kind.Value.Events);
        EventClass item = kinds[0].Key;
        return new EventStats(
            item.Name,
            count,
            seconds > 0 ? count / seconds : 0,
            kinds.Sum(kind => kind.Value.Bytes),
            item.Level?.ToString(),
            item.Category);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TraceStats))]
internal sealed partial class TraceStatsContext : JsonSerializerContext;
