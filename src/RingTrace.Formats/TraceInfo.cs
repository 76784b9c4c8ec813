namespace RingTrace.Formats;

/// <summary>
/// One trace: a directory with metadata, and what it declares. Immutable; safe to share between threads.
/// </summary>
public sealed class TraceInfo
{
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

    /// <summary>Whether our recorder wrote it.</summary>
    public bool IsRingTrace => Environment.TryGetValue("tracer_name", out EnvironmentValue name)
        && name.Text == "ringtrace";

    internal TraceSchema Schema { get; }

    /// <inheritdoc/>
    public override string ToString() => Directory;
}
