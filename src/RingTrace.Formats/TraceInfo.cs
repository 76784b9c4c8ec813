using System.Globalization;

namespace RingTrace.Formats;

/// <summary>
/// One trace: a directory with metadata, and what it declares. Immutable; safe to share between threads.
/// </summary>
public sealed class TraceInfo
{
    private const string ThreadPrefix = "ringtrace_thread_";

    internal TraceInfo(string directory, TsdlDocument document, TraceSchema schema)
    {
        Directory = directory;
        Schema = schema;
        Uuid = document.Uuid;
        Environment = document.Environment;
        Clocks = document.Clocks;
        if (document.Clocks.Count == 1 && Environment.GetValueOrDefault("ringtrace_clock_pairs").Text is { } pairs)
        {
            document.Clocks[0].SetPoints(pairs);
        }

        ThreadNames = ThreadsOf(document.Environment);
        EventClasses = [.. schema.Streams.Values.SelectMany(stream => stream.Events.Values)];
    }

    /// <summary>The trace's directory.</summary>
    public string Directory { get; }

    /// <summary>The trace's identity, which each packet repeats; null when it has none.</summary>
    public Guid? Uuid { get; }

    /// <summary>What the tracer says about itself and its host, in the order of declaration.</summary>
    public IReadOnlyDictionary<string, EnvironmentValue> Environment { get; }

    /// <summary>The clocks, in the order of declaration.</summary>
    public IReadOnlyList<ClockInfo> Clocks { get; }

    /// <summary>The kinds of events, stream by stream, in the order of declaration.</summary>
    public IReadOnlyList<EventClass> EventClasses { get; }

    /// <summary>The streams that have data.</summary>
    public IReadOnlyList<StreamInfo> Streams { get; internal set; } = [];

    /// <summary>
    /// The names of the threads that lived when the trace was taken, by the number that
    /// <see cref="EventView.ThreadId"/> gives. Empty when the trace has none.
    /// </summary>
    public IReadOnlyDictionary<long, string> ThreadNames { get; }

    /// <summary>Whether our recorder wrote it.</summary>
    public bool IsRingTrace => Environment.TryGetValue("tracer_name", out EnvironmentValue name)
        && name.Text == "ringtrace";

    internal TraceSchema Schema { get; }

    /// <inheritdoc/>
    public override string ToString() => Directory;

    private static Dictionary<long, string> ThreadsOf(IReadOnlyDictionary<string, EnvironmentValue> environment)
    {
        Dictionary<long, string> names = [];
        foreach ((string key, EnvironmentValue value) in environment)
        {
            if (key.StartsWith(ThreadPrefix, StringComparison.Ordinal) && value.Text is not null
                && long.TryParse(key.AsSpan(ThreadPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long id))
            {
                names[id] = value.Text;
            }
        }

        return names;
    }
}
