namespace RingTrace.Formats.Spans;

/// <summary>Which ends of a span a trace does not hold.</summary>
[Flags]
public enum SpanCut
{
    /// <summary>Both are there.</summary>
    None = 0,

    /// <summary>It began before the trace's first event, or its begin was lost.</summary>
    Begin = 1,

    /// <summary>It ended after the trace's last event, or its end was lost.</summary>
    End = 2,
}

/// <summary>A span of a trace, as a <see cref="SpanTracker"/> put it together. Its tracker sets the end.</summary>
public sealed class TracedSpan
{
    internal TracedSpan(in EventView item, long begin)
    {
        EventClass = item.EventClass;
        Trace = item.Stream.Trace;
        ThreadId = EndThreadId = item.ThreadId;
        Cpu = item.Cpu;
        Begin = End = begin;
    }

    /// <summary>The name, <c>provider:span</c>.</summary>
    public string Name => EventClass.SpanName;

    /// <summary>The event that began it; the one that ended it, when the begin is missing or it is a complete one.</summary>
    public EventClass EventClass { get; }

    /// <summary>The trace it is in.</summary>
    public TraceInfo Trace { get; }

    /// <summary>Its id, unique in its trace; 0 for a complete event, which needs none.</summary>
    public ulong Id { get; internal init; }

    /// <summary>
    /// When it began, in nanoseconds since 1970-01-01 UTC. If <see cref="Cut"/> says that this is missing, where its trace
    /// begins; the end, if the span ended when another stream of its trace was over already: it may have begun then too.
    /// </summary>
    public long Begin { get; }

    /// <summary>
    /// When it ended, likewise; where its trace ends if <see cref="Cut"/> says so. As long as it is open, the begin.
    /// </summary>
    public long End { get; private set; }

    /// <summary>How long it took, in nanoseconds; what the trace holds of it if it is cut.</summary>
    public long Duration => unchecked(End - Begin) is >= 0 and long duration ? duration : long.MaxValue;

    /// <summary>The thread it began on; the one it ended on if the begin is missing. -1 when the trace does not say.</summary>
    public long ThreadId { get; }

    /// <summary>The thread it ended on.</summary>
    public long EndThreadId { get; private set; }

    /// <summary>The CPU it began on; the one it ended on if the begin is missing. -1 when the trace does not say.</summary>
    public int Cpu { get; }

    /// <summary>How many spans were open around it on its thread when it began, as far as the trace shows.</summary>
    public int Depth { get; internal set; }

    /// <summary>Which of its ends are missing.</summary>
    public SpanCut Cut { get; private set; }

    /// <summary>Whether its end is yet to come.</summary>
    public bool IsOpen { get; private set; } = true;

    /// <summary>Whether it is among the spans that its thread is inside of.</summary>
    internal bool IsStacked { get; set; }

    internal void Close(long end, long thread, SpanCut cut = SpanCut.None)
    {
        (End, EndThreadId, Cut, IsOpen) = (end, thread, cut, false);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Id}";
}
