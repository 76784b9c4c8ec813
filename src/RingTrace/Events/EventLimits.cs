using System.Text.Json.Serialization;

namespace RingTrace;

/// <summary>Which records of an event are kept. All of them, where nothing is set.</summary>
public sealed record EventLimits
{
    /// <summary>No limits.</summary>
    public static EventLimits None { get; } = new();

    /// <summary>Spans that last less are not recorded; only for spans that are one record. 0 for all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long ThresholdNanoseconds { get; init; }

    /// <summary>At most so many records in each second of the clock; 0 for all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int MostPerSecond { get; init; }

    /// <summary>One of so many, by chance; 0 and 1 for all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int OneIn { get; init; }

    /// <summary>What keeps the records of both: each recorder gets at least what it asked for.</summary>
    internal static EventLimits Laxer(EventLimits left, EventLimits right) => new()
    {
        ThresholdNanoseconds = Math.Min(left.ThresholdNanoseconds, right.ThresholdNanoseconds),
        MostPerSecond = left.MostPerSecond == 0 || right.MostPerSecond == 0 ? 0 : Math.Max(left.MostPerSecond, right.MostPerSecond),
        OneIn = Math.Min(left.OneIn, right.OneIn),
    };

    /// <summary>What of these an event of this kind can have; one in one is all.</summary>
    internal EventLimits For(EventKind kind) => kind == EventKind.SpanEnd ? None : this with
    {
        ThresholdNanoseconds = kind == EventKind.Complete ? ThresholdNanoseconds : 0,
        OneIn = OneIn == 1 ? 0 : OneIn,
    };
}
