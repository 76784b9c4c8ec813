using System.Text.Json.Serialization;
using RingTrace.Benchmarks.Measuring;

namespace RingTrace.Benchmarks.Compare;

/// <summary>A row of the runs that look at one thing: a figure over all repetitions.</summary>
internal sealed record Finding
{
    /// <summary>What was varied, or what was run.</summary>
    public required string Name { get; init; }

    /// <summary>The point of it, such as a size.</summary>
    public string? Point { get; init; }

    /// <summary>Such as <c>ns</c> or <c>MB/s</c>.</summary>
    public string? Unit { get; init; }

    public double? Min { get; init; }

    public double? Median { get; init; }

    public double? Max { get; init; }

    public string? Skipped { get; init; }

    [JsonIgnore]
    public string Label => Point is null ? Name : $"{Name}, {Point}";

    public static Finding Of(string name, string? point, string unit, IReadOnlyCollection<double> values) => new()
    {
        Name = name,
        Point = point,
        Unit = unit,
        Min = Math.Round(values.Min(), 3),
        Median = Math.Round(Statistic.MedianOf(values), 3),
        Max = Math.Round(values.Max(), 3),
    };
}

/// <summary>What such a run found.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Recorder">Who wrote, by which clock.</param>
/// <param name="Results">The rows.</param>
/// <param name="Goals">The project's goals.</param>
internal sealed record Findings(Machine Machine, string Recorder, IReadOnlyList<Finding> Results, IReadOnlyList<Bar> Goals);
