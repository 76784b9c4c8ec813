namespace RingTrace.Torture.Kills;

/// <summary>What kills came to; of one, or added up.</summary>
internal sealed record KillSums
{
    /// <summary>Events whose calls had returned.</summary>
    public long Reported { get; init; }

    /// <summary>Events in the trace.</summary>
    public long Recovered { get; init; }

    /// <summary>Events recovered whose calls had not returned: at most one of each thread.</summary>
    public long Unreported { get; init; }

    /// <summary>Events that are older than what their rings held.</summary>
    public long Overwritten { get; init; }

    /// <summary>Events that are missing though their rings reach back that far, by the causes that the rings counted.</summary>
    public long Lost { get; init; }

    /// <summary>Events behind a record that was reserved and never committed, in a sub-buffer that was not delivered.</summary>
    public long BehindHoles { get; init; }

    /// <summary>Bytes of those sub-buffers.</summary>
    public long LeftOutBytes { get; init; }

    public long Packets { get; init; }

    /// <summary>Kills of which nothing was left, for the rings were in the making.</summary>
    public int Unmade { get; init; }

    /// <summary>Kills in which no ring had come round, so that every event must be there.</summary>
    public int Whole { get; init; }

    /// <summary>Kills that left something out.</summary>
    public int WithHoles { get; init; }

    /// <summary>Traces that babeltrace2 read, too.</summary>
    public int Judged { get; init; }

    public static KillSums operator +(KillSums left, KillSums right) => new()
    {
        Reported = left.Reported + right.Reported,
        Recovered = left.Recovered + right.Recovered,
        Unreported = left.Unreported + right.Unreported,
        Overwritten = left.Overwritten + right.Overwritten,
        Lost = left.Lost + right.Lost,
        BehindHoles = left.BehindHoles + right.BehindHoles,
        LeftOutBytes = left.LeftOutBytes + right.LeftOutBytes,
        Packets = left.Packets + right.Packets,
        Unmade = left.Unmade + right.Unmade,
        Whole = left.Whole + right.Whole,
        WithHoles = left.WithHoles + right.WithHoles,
        Judged = left.Judged + right.Judged,
    };

    public override string ToString() =>
        $"{Reported} reported + {Unreported} under way = {Recovered} recovered + {Overwritten} overwritten + {Lost} lost "
        + $"+ {BehindHoles} behind holes of {LeftOutBytes} bytes; {Packets} packets";
}
