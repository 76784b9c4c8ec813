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
        Result? bytes = comparison.Find(PeerCatalog.Restartable, Payload.Small, 1)
            ?? comparison.Find(PeerCatalog.Classic, Payload.Small, 1);
        List<Bar> bars =
        [
            new("rseq, small: 1.25 x floor, or floor + 4 ns", Median(PeerCatalog.Restartable, Payload.Small), Most(1.25 * floor, floor + 4)),
            new("rseq, string: 1.6 x floor, or floor + 8 ns", Median(PeerCatalog.Restartable, Payload.Text), Most(1.6 * floor, floor + 8)),
            new("rseq, small, 2 threads: 1.25 x their floor", Median(PeerCatalog.Restartable, Payload.Small, 2), 1.25 * floorOfTwo),
            new("coarse clock, small: 0.45 x floor, or 5 ns", Median(PeerCatalog.Coarse, Payload.Small), Most(0.45 * floor, 5)),
            new("disabled, small: empty loop + 1 ns", Median(PeerCatalog.Disabled, Payload.Small), 1 + Median(PeerCatalog.Empty, Payload.None)),
        ];
        foreach (int threads in (int[])[1, 2])
        {
            foreach (string payload in (string[])[Payload.Small, Payload.Text, Payload.Blob])
            {
                Add(PeerCatalog.Restartable, payload, threads, 0.20, PeerCatalog.Lttng);
                Add(PeerCatalog.Restartable, payload, threads, 0.40, PeerCatalog.Jfr);
                Add(PeerCatalog.Restartable, payload, threads, 0.12, PeerCatalog.EventPipe);
                Add(PeerCatalog.Restartable, payload, threads, 0.30, PeerCatalog.Channel);
                Add(PeerCatalog.Classic, payload, threads, 0.45, PeerCatalog.Lttng);
            }
        }

        Add(PeerCatalog.Restartable, Spaced, 1, 0.10, PeerCatalog.Lttng);
        Add(PeerCatalog.Restartable, Spaced, 1, 0.25, PeerCatalog.Jfr);
        bars.Add(new("bytes of an event, small", bytes?.Bytes, 26));
        bars.Add(new(
            "bytes allocated by an event, any payload",
            comparison.Results.Where(result => result.Name == PeerCatalog.Restartable).Max(result => result.Alloc),
            0));
        return bars;

        // Where both sides were measured.
        void Add(string name, string payload, int threads, double share, string peer)
        {
            if (Median(name, payload, threads) is { } measured && Median(peer, payload, threads) is { } other)
            {
                string who = $"{name["ringtrace-".Length..]}, {payload}{(threads == 1 ? "" : $", {threads} threads")}";
                bars.Add(new(string.Create(CultureInfo.InvariantCulture, $"{who}: {share:F2} x {peer}"), measured, share * other));
            }
        }

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
