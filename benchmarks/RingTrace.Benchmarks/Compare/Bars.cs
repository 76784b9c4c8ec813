using System.Globalization;
using RingTrace.Benchmarks.Measuring;
using RingTrace.Benchmarks.Peers;

namespace RingTrace.Benchmarks.Compare;

/// <summary>A goal: what was measured, and what it may be at most, or at least.</summary>
/// <param name="Name">The goal in words.</param>
/// <param name="Measured">Null when something of it was not measured.</param>
/// <param name="Limit">Likewise.</param>
/// <param name="AtLeast">Whether more is better.</param>
internal sealed record Bar(string Name, double? Measured, double? Limit, bool AtLeast = false)
{
    public string Verdict => Measured is not { } measured || Limit is not { } limit ? "not measured"
        : (AtLeast ? measured >= limit : measured <= limit) ? "met" : "missed";
}

/// <summary>The project's goals, beside the medians of one run.</summary>
internal static class Bars
{
    private const string Spaced = "small-spaced";

    public static IReadOnlyList<Bar> Of(Comparison comparison)
    {
        double? floor = Median(PeerCatalog.Floor, Payload.None);
        double? floorOfTwo = Median(PeerCatalog.Floor, Payload.None, 2);
        double? small = Median(PeerCatalog.Restartable, Payload.Small);
        Result? bytes = comparison.Find(PeerCatalog.Restartable, Payload.Small, 1)
            ?? comparison.Find(PeerCatalog.Classic, Payload.Small, 1);
        return
        [
            new("rseq, small: 1.25 x floor, or floor + 4 ns", small, Most(1.25 * floor, floor + 4)),
            new("rseq, string: 1.6 x floor, or floor + 8 ns", Median(PeerCatalog.Restartable, Payload.Text), Most(1.6 * floor, floor + 8)),
            new("rseq, small, 2 threads: 1.25 x their floor", Median(PeerCatalog.Restartable, Payload.Small, 2), 1.25 * floorOfTwo),
            new("coarse clock, small: 0.45 x floor, or 5 ns", Median(PeerCatalog.Coarse, Payload.Small), Most(0.45 * floor, 5)),
            new("disabled, small: empty loop + 1 ns", Median(PeerCatalog.Disabled, Payload.Small), 1 + Median(PeerCatalog.Empty, Payload.None)),
            Against(PeerCatalog.Restartable, Payload.Small, 0.20, PeerCatalog.Lttng),
            Against(PeerCatalog.Restartable, Payload.Small, 0.40, PeerCatalog.Jfr),
            Against(PeerCatalog.Restartable, Payload.Small, 0.12, PeerCatalog.EventPipe),
            Against(PeerCatalog.Restartable, Payload.Small, 0.30, PeerCatalog.Channel),
            Against(PeerCatalog.Classic, Payload.Small, 0.45, PeerCatalog.Lttng),
            Against(PeerCatalog.Restartable, Spaced, 0.10, PeerCatalog.Lttng),
            Against(PeerCatalog.Restartable, Spaced, 0.25, PeerCatalog.Jfr),
            new("bytes of an event, small", bytes?.Bytes, 26),
            new("bytes allocated by an event, small", bytes?.Alloc, 0),
        ];

        Bar Against(string name, string payload, double share, string peer) => new(
            string.Create(CultureInfo.InvariantCulture, $"{name["ringtrace-".Length..]}, {payload}: {share:F2} x {peer}"),
            Median(name, payload), share * Median(peer, payload));

        double? Median(string name, string payload, int threads = 1) => comparison.Find(name, payload, threads)?.Median;
    }

    public static void Write(IReadOnlyList<Bar> bars, TextWriter writer)
    {
        writer.WriteLine();
        writer.WriteLine($"{"Goals, at the medians",-50} {"measured",10} {"limit",10}");
        foreach (Bar bar in bars)
        {
            writer.WriteLine($"  {bar.Name,-48} {Number(bar.Measured),10} {Number(bar.Limit),10}  {bar.Verdict}");
        }
    }

    private static string Number(double? value) => value?.ToString("F2", CultureInfo.InvariantCulture) ?? "-";

    /// <summary>The milder of two limits; unknown when one of them is.</summary>
    private static double? Most(double? one, double? other) => one is null || other is null ? null : Math.Max(one.Value, other.Value);
}
