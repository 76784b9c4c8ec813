using System.Text.Json;
using RingTrace.Benchmarks.Measuring;
using RingTrace.Formats;

namespace RingTrace.Benchmarks.Workloads;

/// <summary>
/// A trace of which every event is accounted for: <c>decoded + overwritten + lost = emitted</c>.
/// </summary>
/// <remarks>
/// The recorder counts overwritten packets, not the events in them. But each thread numbers its events from 0, and a
/// ring gives up its oldest: so the first number that a thread has left is how many of its events were overwritten. A
/// hole, or a newest event that is missing, breaks the sum.
/// </remarks>
/// <param name="Directory">Where it is.</param>
/// <param name="Writer">Who wrote.</param>
/// <param name="Clock">By which clock.</param>
/// <param name="Emitted">Calls of the event.</param>
/// <param name="Decoded">Events that the trace holds, by its reader.</param>
/// <param name="Overwritten">Events before the first of each thread.</param>
/// <param name="Lost">Events that the recorder reports as lost.</param>
/// <param name="OverwrittenPackets">Packets that the recorder reports as overwritten.</param>
internal sealed record KeptTrace(
    string Directory, string Writer, string Clock, long Emitted, long Decoded, long Overwritten, long Lost, long OverwrittenPackets)
{
    private const int Threads = 2;

    /// <summary>Small enough to be overwritten several times.</summary>
    private const long MemoryBytes = 16 << 20;

    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(200);

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public bool IsExact => Decoded + Overwritten + Lost == Emitted && Overwritten > 0 == OverwrittenPackets > 0;

    /// <summary>Emits into a recorder of its own, and takes its snapshot.</summary>
    /// <exception cref="IOException">The directory is there already.</exception>
    public static KeptTrace Make(string directory, EventLoop loop)
    {
        using FlightRecorder recorder = FlightRecorder.Start(
            new FlightRecorderOptions { Name = "benchmark", MemoryBytes = MemoryBytes });
        using EventThreads threads = new(Threads);
        long emitted = threads.Run(new Repetition(loop, Spaced: false, Duration), Threads).Events;
        SnapshotResult snapshot = recorder.Snapshot(directory, reason: "the last round of compare");
        RecorderStatistics statistics = recorder.Statistics();

        Dictionary<long, long> first = [];
        long decoded = 0;
        foreach (EventView e in TraceReader.Open(directory).Events())
        {
            first.TryAdd(e.ThreadId, e.GetInt64("id"));
            decoded++;
        }

        return new KeptTrace(
            snapshot.Path,
            statistics.Writer,
            statistics.Clock,
            emitted,
            decoded,
            first.Values.Sum(),
            snapshot.Lost.Values.Sum(count => (long)count),
            snapshot.Streams.Sum(stream => (long)stream.OverwrittenPackets));
    }

    /// <summary>As one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public static KeptTrace FromJson(string line) => JsonSerializer.Deserialize<KeptTrace>(line, Json)!;
}
