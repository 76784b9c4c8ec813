using System.Text.Json.Serialization;
using RingTrace.Benchmarks.Measuring;
using RingTrace.Benchmarks.Peers;

namespace RingTrace.Benchmarks.Compare;

/// <summary>One row: a contender with a payload and a number of threads, over all rounds; or why it has none.</summary>
internal sealed record Result
{
    public required string Name { get; init; }

    public string? Payload { get; init; }

    public int? Threads { get; init; }

    [JsonPropertyName("ns_min")]
    public double? Min { get; init; }

    [JsonPropertyName("ns_median")]
    public double? Median { get; init; }

    [JsonPropertyName("ns_max")]
    public double? Max { get; init; }

    /// <summary>The spacing that the differences were taken to.</summary>
    [JsonPropertyName("ns_base")]
    public double? Base { get; init; }

    /// <summary>Bytes per event in the buffer.</summary>
    public double? Bytes { get; init; }

    /// <summary>Managed bytes allocated per event.</summary>
    public double? Alloc { get; init; }

    public string? Skipped { get; init; }

    public static Result Of(string name, string payload, int threads, IReadOnlyCollection<PeerReply> replies) => new()
    {
        Name = name,
        Payload = payload,
        Threads = threads,
        Min = Rounded(replies.Min(reply => reply.Ns)),
        Median = Rounded(Statistic.MedianOf(replies.Select(reply => reply.Ns))),
        Max = Rounded(replies.Max(reply => reply.Ns)),
        Base = replies.Any(reply => reply.BaseNs > 0) ? Rounded(Statistic.MedianOf(replies.Select(reply => reply.BaseNs))) : null,
        Bytes = replies.Any(reply => reply.Bytes is null) ? null : Rounded(Statistic.MedianOf(replies.Select(reply => reply.Bytes!.Value))),
        Alloc = replies.Any(reply => reply.Allocated is null) ? null : Rounded(Statistic.MedianOf(replies.Select(reply => reply.Allocated!.Value))),
    };

    private static double Rounded(double value) => Math.Round(value, 3);
}
