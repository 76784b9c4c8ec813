using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using RingTrace.Formats;

namespace RingTrace.Tool.Stats;

/// <summary>What <c>stats --json</c> prints; its names are a contract.</summary>
/// <param name="Trace">The directory.</param>
/// <param name="Recorders">Who recorded: one for each trace in the directory.</param>
/// <param name="Events">Every kind of event that occurs, the most frequent first.</param>
/// <param name="Streams">Every CPU's part.</param>
/// <param name="TotalEvents">The sum over all kinds.</param>
internal sealed record TraceStats(
    string Trace,
    long TotalEvents,
    IReadOnlyList<RecorderStats> Recorders,
    IReadOnlyList<EventStats> Events,
    IReadOnlyList<StreamStats> Streams)
{
    private const double NanosecondsPerSecond = 1e9;

    /// <summary>Reads the whole trace.</summary>
    public static TraceStats Read(TraceReader reader)
    {
        Dictionary<EventClass, long> counts = [];
        foreach (EventView item in reader.Events())
        {
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, item.EventClass, out _)++;
        }

        long first = reader.Streams.Min(stream => stream.FirstTimestamp) ?? 0;
        long last = reader.Streams.Max(stream => stream.LastTimestamp) ?? 0;
        double seconds = Math.Max(0, last - first) / NanosecondsPerSecond;
        IEnumerable<EventStats> events = counts.GroupBy(count => count.Key.Name, count => count.Value)
            .Select(kind => new EventStats(kind.Key, kind.Sum(), seconds > 0 ? kind.Sum() / seconds : 0));
        return new TraceStats(
            reader.Directory,
            counts.Values.Sum(),
            [.. reader.Traces.Select(RecorderStats.Of)],
            [.. events.OrderByDescending(kind => kind.Count).ThenBy(kind => kind.Name, StringComparer.Ordinal)],
            [.. reader.Streams.Select(StreamStats.Of)]);
    }

    public void WriteJson(TextWriter writer)
    {
        TraceStatsContext context = new(new JsonSerializerOptions(TraceStatsContext.Default.Options)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
        writer.WriteLine(JsonSerializer.Serialize(this, context.TraceStats));
    }
}

/// <summary>Who recorded a trace, and how.</summary>
/// <param name="Trace">The trace's directory.</param>
/// <param name="Process">The program's name; null when the trace does not say, as with the next three.</param>
/// <param name="Writer">Who wrote the records: <c>rseq</c> or <c>classic</c>.</param>
/// <param name="Clock">What time was read from: <c>tsc</c>, <c>monotonic</c> or <c>coarse</c>.</param>
/// <param name="ClockResolutionNs">How far apart two times may be that look the same.</param>
/// <param name="ClockHz">The clock's ticks per second.</param>
/// <param name="Lost">Records lost by cause since the recorder's start.</param>
internal sealed record RecorderStats(
    string Trace,
    string? Process,
    string? Writer,
    string? Clock,
    long? ClockResolutionNs,
    ulong? ClockHz,
    IReadOnlyDictionary<string, long> Lost)
{
    private const string LostPrefix = "ringtrace_lost_";

    public static RecorderStats Of(TraceInfo trace) => new(
        trace.Directory,
        trace.Environment.GetValueOrDefault("procname").Text,
        trace.Environment.GetValueOrDefault("ringtrace_writer").Text,
        trace.Environment.GetValueOrDefault("ringtrace_clock").Text,
        trace.Environment.TryGetValue("ringtrace_clock_resolution_ns", out EnvironmentValue resolution) ? resolution.Number : null,
        trace.Clocks.Count > 0 ? trace.Clocks[0].Frequency : null,
        trace.Environment.Where(entry => entry.Key.StartsWith(LostPrefix, StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key[LostPrefix.Length..], entry => entry.Value.Number));
}

/// <summary>One kind of event.</summary>
/// <param name="Name"><c>Provider:Event</c>.</param>
/// <param name="Count">How many there are.</param>
/// <param name="PerSecond">Over the window of the whole trace.</param>
internal sealed record EventStats(string Name, long Count, double PerSecond);

/// <summary>One CPU's part of a trace.</summary>
/// <param name="Cpu">The CPU's number; -1 when the packets do not say.</param>
/// <param name="First">Where its first packet begins, UTC.</param>
/// <param name="Last">Where its last packet ends, UTC.</param>
/// <param name="Packets">How many packets.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="EventsDiscarded">Events lost within the window.</param>
/// <param name="PacketsLost">Packets missing within the window.</param>
internal sealed record StreamStats(
    int Cpu, DateTime? First, DateTime? Last, long Packets, long Bytes, ulong EventsDiscarded, ulong PacketsLost)
{
    public static StreamStats Of(StreamInfo stream) => new(
        stream.Cpu,
        Time(stream.FirstTimestamp),
        Time(stream.LastTimestamp),
        stream.Packets,
        stream.Bytes,
        stream.Losses.EventsDiscarded,
        stream.Losses.PacketsLost);

    private static DateTime? Time(long? nanoseconds) =>
        nanoseconds is { } value ? DateTime.UnixEpoch.AddTicks(value / TimeSpan.NanosecondsPerTick) : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TraceStats))]
internal sealed partial class TraceStatsContext : JsonSerializerContext;
