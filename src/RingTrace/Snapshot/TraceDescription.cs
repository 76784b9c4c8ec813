using RingTrace.Buffers;

namespace RingTrace;

/// <summary>
/// What a trace says of its recorder, beside the packets: the same whether the recorder's own process writes the trace or
/// another one.
/// </summary>
internal sealed record TraceDescription
{
    /// <summary>The service's name.</summary>
    public required string Name { get; init; }

    /// <summary>The process, as its own namespace numbers it.</summary>
    public required int ProcessId { get; init; }

    /// <summary>The trace's identity, which each packet repeats.</summary>
    public required UInt128 TraceId { get; init; }

    /// <summary>The identity of the clock: traces of one boot merge.</summary>
    public required UInt128 BootId { get; init; }

    public required WriterKind Writer { get; init; }

    public required ClockKind ClockKind { get; init; }

    public required TraceClock Clock { get; init; }

    /// <summary>Instants on all clocks, oldest first; the one of <see cref="Clock"/> comes last, and need not be among them.</summary>
    public required IReadOnlyList<ClockPair> Pairs { get; init; }

    /// <summary>The events that the packets may hold, in the order of their ids.</summary>
    public required IReadOnlyList<DescribedEvent> Events { get; init; }

    /// <summary>Events that are not described, for want of room or sense.</summary>
    public required int RejectedEvents { get; init; }

    public required IEnumerable<(int Id, string Name)> Threads { get; init; }

    /// <summary>Of a region's own recorder.</summary>
    public static TraceDescription Of(RingRegion region, RecorderBindings bindings, string name, TraceClock clock) => new()
    {
        Name = name,
        ProcessId = Environment.ProcessId,
        TraceId = region.TraceId,
        BootId = Clocks.BootId,
        Writer = region.WriterKind,
        ClockKind = region.ClockKind,
        Clock = clock,
        Pairs = region.ClockPairs(),
        Events = [.. bindings.Entries.Select(entry => new DescribedEvent(entry.Schema, entry.Id, entry.Limits, entry.Suppressed))],
        RejectedEvents = bindings.Rejected,
        Threads = ThreadNames.OfThisProcess(),
    };
}

/// <summary>An event, and what its limits have done to it.</summary>
/// <param name="Schema">The event.</param>
/// <param name="Id">The id that its records carry.</param>
/// <param name="Limits">Which of its records the recorder wants.</param>
/// <param name="Suppressed">Records held back by limits.</param>
internal sealed record DescribedEvent(EventSchema Schema, ushort Id, EventLimits Limits, long Suppressed);
