using System.Globalization;
using System.Text;

namespace RingTrace.Formats;

/// <summary>
/// One trace: a directory with metadata, and what it declares. Immutable; safe to share between threads.
/// </summary>
public sealed class TraceInfo
{
    private const string ThreadPrefix = "ringtrace_thread_";

    private TraceInfo(string directory, TsdlDocument document, TraceSchema schema, TraceInfo? before)
    {
        Directory = directory;
        Identity = before?.Identity ?? this;
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

    /// <summary>The trace's directory; of one that is in no file, what it is called.</summary>
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

    /// <summary>The same for all that is known of one trace while it grows.</summary>
    internal object Identity { get; }

    /// <summary>A trace that is in no file: what its packets are decoded by.</summary>
    /// <param name="metadata">The text, as it would stand in the file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="before">What was known of the same trace before: a span may begin by the one and end by the other.</param>
    /// <exception cref="TraceFormatException">The text cannot be understood.</exception>
    public static TraceInfo Parse(string metadata, string name, TraceInfo? before = null)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Parse(name, name, MetadataFile.Text(name, Encoding.UTF8.GetBytes(metadata)), before);
    }

    internal static TraceInfo Parse(string directory, string file, byte[] metadata, TraceInfo? before = null)
    {
        TsdlDocument document = TsdlParser.Parse(file, metadata);
        return new TraceInfo(directory, document, SchemaCompiler.Compile(file, document), before);
    }

    /// <summary>What a stream that is in no file is called in messages.</summary>
    internal string StreamName(int index) => $"{Directory}, stream {index}";

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
