using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using RingTrace.Benchmarks.Measuring;
using RingTrace.Benchmarks.Peers;

namespace RingTrace.Benchmarks.Compare;

/// <summary>A comparison as a table and as JSON.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    /// <summary>Of the main run.</summary>
    /// <param name="comparison">What it found.</param>
    /// <param name="writer">Where the table goes.</param>
    /// <param name="json">Where the JSON goes; null for nowhere.</param>
    public static void Write(Comparison comparison, TextWriter writer, string? json)
    {
        WriteJson(comparison, json);
        writer.WriteLine(comparison.Machine);
        foreach ((string name, string description) in comparison.Contenders.Where(pair => pair.Value.Length > 0))
        {
            writer.WriteLine($"{name}: {description}");
        }

        foreach (var group in comparison.Results.Where(result => result.Median is not null)
            .GroupBy(result => (result.Payload, result.Threads)))
        {
            // A floor is compared with the smallest event.
            string payload = group.Key.Payload == Payload.None ? Payload.Small : group.Key.Payload!;
            Result? own = comparison.Find(PeerCatalog.Restartable, payload, group.Key.Threads!.Value)
                ?? comparison.Find(PeerCatalog.Classic, payload, group.Key.Threads.Value);
            writer.WriteLine();
            string title = $"{group.Key.Payload}, {Threads(group.Key.Threads.Value)}";
            writer.WriteLine($"{title,-26} {"ns min",9} {"median",9} {"max",9} {"ratio",8} {"bytes",8} {"alloc",8}");
            foreach (Result row in group)
            {
                writer.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {row.Name,-24} {row.Min,9:F2} {row.Median,9:F2} {row.Max,9:F2} ")
                    + $"{Ratio(row, own),8} {Number(row.Bytes, "F1"),8} {Number(row.Alloc, "F0"),8}");
            }
        }

        List<Result> skipped = [.. comparison.Results.Where(result => result.Skipped is not null)];
        if (skipped.Count > 0)
        {
            writer.WriteLine();
            writer.WriteLine("Not measured");
            skipped.ForEach(row => writer.WriteLine($"  {(row.Name + " " + row.Payload).Trim(),-24} {row.Skipped}"));
        }

        if (comparison.Keep is { } kept)
        {
            writer.WriteLine();
            writer.WriteLine($"Kept {kept.Directory} ({kept.Writer}, {kept.Clock}): {Count(kept.Decoded)} events decoded + "
                + $"{Count(kept.Overwritten)} overwritten (in {Count(kept.OverwrittenPackets)} packets) + {Count(kept.Lost)} lost "
                + $"{(kept.IsExact ? "=" : "is not")} {Count(kept.Emitted)} emitted");
        }

        Bars.Write(comparison.Goals, writer);
    }

    /// <summary>Of the other runs.</summary>
    public static void Write(Findings findings, TextWriter writer, string? json)
    {
        WriteJson(findings, json);
        writer.WriteLine(findings.Machine);
        writer.WriteLine(findings.Recorder);
        writer.WriteLine();
        writer.WriteLine($"{"",-36} {"min",10} {"median",10} {"max",10}");
        foreach (Finding row in findings.Results)
        {
            writer.WriteLine(row.Skipped is null
                ? string.Create(CultureInfo.InvariantCulture, $"  {row.Label,-34} {row.Min,10:N1} {row.Median,10:N1} {row.Max,10:N1}  {row.Unit}")
                : $"  {row.Label,-34} not measured: {row.Skipped}");
        }

        Bars.Write(findings.Goals, writer);
    }

    /// <summary>Of any run; nothing when no path is given.</summary>
    public static void WriteJson<T>(T found, string? path)
    {
        if (path is not null)
        {
            File.WriteAllText(path, JsonSerializer.Serialize(found, Json) + "\n");
        }
    }

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Threads(int count) => count == 1 ? "1 thread" : $"{count} threads";

    /// <summary>To RingTrace with the same payload; a difference about nothing has no ratio.</summary>
    private static string Ratio(Result row, Result? own) =>
        own?.Median is > 0.1 and { } median ? Number(row.Median / median, "F2") : "-";

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
