using RingTrace.Buffers;

namespace RingTrace;

/// <summary>How a <see cref="FlightRecorder"/> is set up. The defaults suit a service.</summary>
public sealed record FlightRecorderOptions
{
    /// <summary>The service's name; null for the name of the program.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Where the ring files go; null for <c>$RINGTRACE_DIR</c>, else <c>/dev/shm/ringtrace-UID/</c>.
    /// </summary>
    public string? Directory { get; init; }

    /// <summary>
    /// Bytes of history, divided over the CPUs, for the one channel there is by default: <see cref="Channels"/> give
    /// their own sizes. The largest 2^k that fits is taken. Null for
    /// <c>$RINGTRACE_MEMORY</c>, else the least of 64 MiB, a quarter of the free space and an eighth of the
    /// memory control group's headroom. Spare sub-buffers and counters come on top: 2 to 3 % from 16 MiB on, more for
    /// small rings. CPUs that the process gets later may double it, not more.
    /// </summary>
    public long? MemoryBytes { get; init; }

    /// <summary>
    /// The channels; null for one in overwrite mode that takes the whole <see cref="MemoryBytes"/>. Nothing consumes a
    /// channel in discard mode yet: it keeps its first records and counts the rest as <c>full</c>.
    /// </summary>
    public IReadOnlyList<ChannelOptions>? Channels { get; init; }

    /// <summary>
    /// The channels in overwrite mode that <see cref="MemoryBytes"/> is divided over; null for one. For who does not want to
    /// choose sizes: where <see cref="Channels"/> are given, they count alone.
    /// </summary>
    public IReadOnlyList<ChannelShare>? Shares { get; init; }

    /// <summary>
    /// Whether providers are bound to their channel (<see cref="TraceProvider.Channel"/>) by themselves, those that are loaded later included.
    /// When false, only what <see cref="FlightRecorder.Add"/> names is recorded.
    /// </summary>
    public bool BindAllProviders { get; init; } = true;

    /// <summary>Events less important than this start disabled. Default <see cref="TraceLevel.Info"/>.</summary>
    public TraceLevel Level { get; init; } = TraceLevel.Info;

    /// <summary>
    /// Who writes; null for the best that works here. <c>$RINGTRACE_WRITER</c> (<c>auto</c>, <c>classic</c>, <c>rseq</c>)
    /// overrides it. One that is not to be had is an error.
    /// </summary>
    public WriterKind? Writer { get; init; }

    /// <summary>
    /// What time is read from; null for the best that works here. <c>$RINGTRACE_CLOCK</c> (<c>auto</c>, <c>tsc</c>,
    /// <c>monotonic</c>, <c>coarse</c>) overrides it. One that is not to be had is an error.
    /// </summary>
    public ClockKind? Clock { get; init; }

    /// <summary>
    /// A directory in which the signal SIGUSR2 makes a snapshot, named <c>APP-PID-N-TIME</c>; null or empty leaves the signal to the
    /// service. Signals that arrive while one is being written make one more. What goes wrong is a warning.
    /// </summary>
    public string? SnapshotOnSignal { get; init; }

    /// <summary>
    /// Told, in one line, of what works but not as asked for. Null writes the line to standard error. What it throws
    /// is ignored: it is called on the recorder's threads too.
    /// </summary>
    public Action<string>? OnWarning { get; init; }
}

/// <summary>A channel that takes its part of a recorder's memory.</summary>
/// <param name="Name">The channel's name, up to 63 bytes of UTF-8.</param>
/// <param name="Parts">How many of all channels' parts, at least 1; what it takes of them is rounded down to 2^k bytes a CPU.</param>
public sealed record ChannelShare(string Name, int Parts = 1);
