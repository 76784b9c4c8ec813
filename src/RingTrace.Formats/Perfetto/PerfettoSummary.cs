namespace RingTrace.Formats.Perfetto;

/// <summary>What a conversion wrote, and what it could not show as it was.</summary>
public sealed record PerfettoSummary
{
    /// <summary>Events that were read.</summary>
    public long Events { get; internal set; }

    /// <summary>Events that became instants.</summary>
    public long Instants { get; internal set; }

    /// <summary>Spans that became slices, cut ones included.</summary>
    public long Slices { get; internal set; }

    /// <summary>Of these, those that began before the first event (or whose begin was lost): they begin with it.</summary>
    public long CutAtBegin { get; internal set; }

    /// <summary>Of these, those that had not ended at the last event (or whose end was lost): they end with it.</summary>
    public long CutAtEnd { get; internal set; }

    /// <summary>Of these, those that were ended early because too many were open, or because another took their id.</summary>
    public long GivenUp { get; internal set; }

    /// <summary>Spans that are missing because too many began before the first event or lie inside each other.</summary>
    public long LeftOut { get; internal set; }

    /// <summary>Packets of Perfetto's format that were written.</summary>
    public long Packets { get; internal set; }

    /// <summary>What the trace itself had lost, as far as the converted part shows it.</summary>
    public StreamLosses Losses { get; internal set; }
}
