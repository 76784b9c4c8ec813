using System.Runtime.ExceptionServices;

namespace RingTrace.Formats;

/// <summary>
/// Reads CTF 1.8 traces: ours, LTTng's, and any other whose metadata it understands. A directory may hold one trace or
/// several in folders below; their events come merged by time. Memory is bounded by the metadata and a
/// window per stream, whatever the files' size. Safe to use from several threads, each with its own enumeration.
/// </summary>
/// <example><code>
/// TraceReader reader = TraceReader.Open("snapshot");
/// foreach (EventView e in reader.Events(new TraceQuery { Name = "Shop:*" }))
/// {
///     Console.Write($"{e.Timestamp} {e.Name} ");
///     e.WriteTo(Console.Out);
///     Console.WriteLine();
/// }
/// </code></example>
public sealed partial class TraceReader
{
    /// <summary>A problem that a merge solves.</summary>
    internal const string UnrelatedClocks =
        "the traces' clocks are not said to be the same: the order of events across traces may be wrong";

    private readonly ProblemList _problems = new();
    private readonly List<TraceInfo> _traces = [];
    private readonly List<StreamInfo> _streams = [];

    private TraceReader(string directory) => Directory = directory;

    /// <summary>The directory it was opened with.</summary>
    public string Directory { get; }

    /// <summary>The traces found there, by path.</summary>
    public IReadOnlyList<TraceInfo> Traces => _traces;

    /// <summary>The streams of all traces.</summary>
    public IReadOnlyList<StreamInfo> Streams => _streams;

    /// <summary>How many bytes the streams take: what <see cref="EventEnumerator.BytesRead"/> ends at.</summary>
    public long Bytes => _streams.Sum(stream => stream.Bytes);

    /// <summary>What all streams lost, as their packets' counters show it.</summary>
    public StreamLosses Losses => _streams.Aggregate(default(StreamLosses), (sum, stream) => sum + stream.Losses);

    /// <summary>
    /// What could not be read: after <see cref="Open"/> what the packets' headers show, after an enumeration also
    /// what their records do. A copy; each problem once, at most 1000 of them.
    /// </summary>
    public IReadOnlyList<TraceProblem> Problems => _problems.ToArray();

    /// <summary>Opens the trace in a directory, or all traces below it, and looks at every packet's header.</summary>
    /// <param name="directory">The trace's directory, or one above.</param>
    /// <exception cref="TraceFormatException">
    /// There is no trace, or none whose metadata can be understood. A damaged stream is no exception but one of the
    /// <see cref="Problems"/>; so is damaged metadata when there are other traces.
    /// </exception>
    /// <exception cref="IOException">The directory is not there or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Reading is not permitted.</exception>
    public static TraceReader Open(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        TraceReader reader = new(directory);
        List<string> found = reader.FindTraces(directory);
        if (found.Count == 0)
        {
            throw new TraceFormatException(directory, 0, "a directory with a file 'metadata', or one above such",
                reader.Problems is [TraceProblem problem, ..] ? $"none; {problem.Message}" : "none");
        }

        ExceptionDispatchInfo? first = null;
        foreach (string trace in found)
        {
            try
            {
                reader.Add(trace);
            }
            catch (Exception failure) when (failure is TraceFormatException or IOException or UnauthorizedAccessException)
            {
                first ??= ExceptionDispatchInfo.Capture(failure);
                reader.Report(new TraceProblem(Path.Combine(trace, "metadata"), (failure as TraceFormatException)?.Offset ?? 0,
                    $"{failure.Message}; trace {trace} is missing from the result"));
            }
        }

        if (reader._traces.Count == 0)
        {
            first!.Throw();
        }

        reader.CheckClocks();
        return reader;
    }

    /// <summary>
    /// The events in the order of time, across all streams and traces; those of one instant in the order of
    /// streams.
    /// </summary>
    /// <param name="query">Which events; null for all.</param>
    public EventSequence Events(TraceQuery? query = null) => new(this, query ?? new TraceQuery());

    internal void Report(TraceProblem problem) => _problems.Add(problem);

    private void Add(string directory)
    {
        string metadata = Path.Combine(directory, "metadata");
        TraceInfo trace = TraceInfo.Parse(directory, metadata, MetadataFile.Load(metadata));
        _traces.Add(trace);
        int first = _streams.Count;
        _streams.AddRange(StreamScanner.Scan(trace, first, Report));
        trace.Streams = _streams[first..];
    }

    /// <summary>Times of clocks that know nothing of each other may be compared, but not trusted.</summary>
    private void CheckClocks()
    {
        List<ClockInfo> clocks = [.. _streams.Where(stream => !stream.Clock.IsAbsolute).Select(stream => stream.Clock)];
        bool related = clocks.TrueForAll(clock =>
            clock == clocks[0] || (clock.Uuid is not null && clock.Uuid == clocks[0].Uuid));
        if (!related)
        {
            Report(new TraceProblem(Directory, 0, UnrelatedClocks));
        }
    }
}
