namespace RingTrace.Formats;

/// <summary>
/// One stream of a trace (the records of one buffer, usually of one CPU), and what its packets say of themselves.
/// Immutable; safe to share between threads.
/// </summary>
public sealed class StreamInfo
{
    internal StreamInfo(TraceInfo trace, int index, StreamSchema schema, StreamFile[] files)
    {
        Trace = trace;
        Index = index;
        Schema = schema;
        Parts = files;
        Files = Array.ConvertAll(files, file => file.Path);
        LossCounter losses = new();
        foreach (StreamFile file in files)
        {
            losses.Append(file.Losses);
            Packets += file.Packets;
            Bytes += file.Length;
        }

        Losses = losses.Totals;
        Cpu = files[0].First.Cpu;
        InstanceId = files[0].First.InstanceId;
        FirstTimestamp = Time(files[0].First.Begin);
        LastTimestamp = Time(files[^1].Last.End);
    }

    /// <summary>A stream whose packets come in memory.</summary>
    internal StreamInfo(TraceInfo trace, int index, in PacketHeader first)
    {
        Trace = trace;
        Index = index;
        Schema = first.Stream!;
        Parts = [];
        Files = [];
        Cpu = first.Cpu;
        InstanceId = first.InstanceId;
    }

    /// <summary>The trace it belongs to.</summary>
    public TraceInfo Trace { get; }

    /// <summary>Its place among the streams of the reader. Events of one instant come in this order.</summary>
    public int Index { get; }

    /// <summary>The files that hold it, in the order of time; none when its packets come in memory.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The kind of stream: its id in the metadata.</summary>
    public ulong ClassId => Schema.Id;

    /// <summary>Which stream of its kind it is; null when the packets do not say.</summary>
    public ulong? InstanceId { get; }

    /// <summary>The CPU of the first packet; -1 when the packets do not say.</summary>
    public int Cpu { get; }

    /// <summary>The clock of its times.</summary>
    public ClockInfo Clock => Schema.Clock;

    /// <summary>How many packets can be read.</summary>
    public long Packets { get; }

    /// <summary>How many bytes they take.</summary>
    public long Bytes { get; }

    /// <summary>
    /// Where the first packet begins, in nanoseconds since 1970-01-01 UTC; null when it does not say.
    /// </summary>
    public long? FirstTimestamp { get; }

    /// <summary>Where the last packet ends, likewise.</summary>
    public long? LastTimestamp { get; }

    /// <summary>What was lost, as the packets' counters show it.</summary>
    public StreamLosses Losses { get; }

    internal StreamSchema Schema { get; }

    internal StreamFile[] Parts { get; }

    /// <inheritdoc/>
    public override string ToString() => Files.Count > 0 ? Files[0] : Trace.StreamName(Index);

    /// <summary>Whether a packet may be the next of it.</summary>
    internal bool IsOf(TraceInfo trace, in PacketHeader packet) =>
        Trace == trace && Schema == packet.Stream && Cpu == packet.Cpu && InstanceId == packet.InstanceId;

    private long? Time(ulong? ticks) => ticks is null ? null : Clock.ToNanoseconds(ticks.Value);
}

/// <summary>A file of a stream, as far as its packets' headers are sound.</summary>
internal sealed record StreamFile(
    string Path, long Length, long Packets, PacketHeader First, PacketHeader Last, LossCounter Losses, PacketIndex Index);
