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
}
