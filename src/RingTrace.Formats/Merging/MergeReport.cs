namespace RingTrace.Formats.Merging;

/// <summary>What a merge put together, and how well its times agree.</summary>
/// <param name="Traces">The traces that were written.</param>
/// <param name="Boots">The machines' boots that they are from, in the order of their first trace.</param>
/// <param name="Problems">What could not be read and is missing.</param>
public sealed record MergeReport(
    IReadOnlyList<MergedTrace> Traces, IReadOnlyList<MergedBoot> Boots, IReadOnlyList<TraceProblem> Problems)
{
    /// <summary>
    /// Whether all times are of one machine's clock. If not, boots and hosts stand beside each other by their calendars, and how wrong
    /// these were against each other no trace can know.
    /// </summary>
    public bool IsOneClock => Boots.Count == 1;
}

/// <summary>A trace that was written: one process, or what some tracer took for one.</summary>
public sealed record MergedTrace
{
    /// <summary>Its folder's name in the result.</summary>
    public required string Name { get; init; }

    /// <summary>The process's name; empty when the trace has none.</summary>
    public required string Process { get; init; }

    /// <summary>The process's number; -1 when the trace does not say.</summary>
    public required long ProcessId { get; init; }

    /// <summary>Where it is from; more than one directory when several traces of it were given.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>The index of its boot in <see cref="MergeReport.Boots"/>.</summary>
    public required int Boot { get; init; }

    /// <summary>What its ticks are read from: <c>tsc</c>, <c>monotonic</c>.</summary>
    public required string Clock { get; init; }

    /// <summary>By how many nanoseconds its events stand later than their own metadata had them.</summary>
    public required long ShiftNanoseconds { get; init; }

    /// <summary>How many packets were written.</summary>
    public required long Packets { get; init; }

    /// <summary>How many packets were left out because another trace of the same process holds them too.</summary>
    public required long DoubledPackets { get; init; }
}

/// <summary>One boot of a machine: its clocks know each other.</summary>
public sealed record MergedBoot
{
    /// <summary>The boot's identity; null for clocks that count from 1970 and say no more.</summary>
    public required Guid? Uuid { get; init; }

    /// <summary>The machine's name; empty when no trace says it.</summary>
    public required string Host { get; init; }

    /// <summary>The directory of the trace whose clock's rate and offset all of its traces have now.</summary>
    public required string Reference { get; init; }

    /// <summary>
    /// By how many nanoseconds at most the recorded pairs of different clocks of this boot contradict the common timeline; 0
    /// when there is one clock, so that the order of events is exact; null when no pair says anything.
    /// </summary>
    public required long? TieNanoseconds { get; init; }

    /// <summary>
    /// By how many nanoseconds at most the machine's calendar went astray from the common timeline, as the recorded pairs
    /// show; null when there are none.
    /// </summary>
    public required long? CalendarNanoseconds { get; init; }
}

/// <summary>The given traces cannot be put on one timeline, or not together.</summary>
/// <param name="message">Which one, why, and what to do.</param>
public sealed class MergeException(string message) : Exception(message);
