using RingTrace.Tool.Output;

namespace RingTrace.Tool.Live;

/// <summary>An interval for people.</summary>
internal static class TopReport
{
    /// <summary>Lines that are no rows of events or spans.</summary>
    private const int OtherLines = 14;

    /// <summary>On a terminal over the one before, as many rows as fit; else all, one below the other.</summary>
    public static void Show(string process, TopInterval interval) => Of(process, interval, Screen.Begin(OtherLines) / 2).Print();

    private static Report Of(string process, TopInterval interval, int rows)
    {
        Report report = new();
        string lost = Losses.Of(interval.Lost).ToString();
        report.Heading($"{process}   {interval.Time}");
        report.Line($"{Units.Count(interval.TotalEvents)} events read in {Units.Time(interval.Seconds * 1e9)} "
            + $"({Units.Rate(interval.PerSecond)} /s); lost: {lost}"
            + (interval.Late > 0 ? $"; {Units.Count(interval.Late)} came late" : ""));
        if (interval.Events.Count > 0)
        {
            TextTable events = new("<event", "per second", "count");
            foreach (TopEvent item in interval.Events.Take(rows))
            {
                events.Add(item.Name, Units.Rate(item.PerSecond), Units.Count(item.Count));
            }

            report.Table(events);
        }

        if (interval.Spans.Count > 0)
        {
            TextTable spans = new("<span", "count", "p50", "p90", "p99", "max");
            foreach (TopSpan span in interval.Spans.Take(rows))
            {
                spans.Add(span.Name, Units.Count(span.Count), Units.Time(span.P50Ns), Units.Time(span.P90Ns), Units.Time(span.P99Ns),
                    Units.Time(span.MaxNs));
            }

            report.Table(spans);
        }

        report.Line("");
        return report;
    }
}
