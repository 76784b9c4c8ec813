using System.Globalization;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Diff;

/// <summary>Two traces side by side, for people.</summary>
internal static class DiffReport
{
    public static Report Of(TraceDiff diff, int most)
    {
        Report report = new();
        Describe("A", diff.A, report);
        Describe("B", diff.B, report);
        TraceDiff top = diff.Top(most);
        if (top.Spans.Count > 0)
        {
            report.Table(SpanTable(top.Spans));
            SayMore(diff.Spans.Count - top.Spans.Count, report);
        }

        if (top.Events.Count > 0)
        {
            report.Table(EventTable(top.Events));
            SayMore(diff.Events.Count - top.Events.Count, report);
        }

        SayOnly("A", top.OnlyInA, diff.OnlyInA.Count, report);
        SayOnly("B", top.OnlyInB, diff.OnlyInB.Count, report);
        return report;
    }

    private static void Describe(string name, TraceSide side, Report report)
    {
        report.Heading($"{name}  {side.Trace}");
        string lost = side.EventsDiscarded == 0 && side.PacketsLost == 0 ? "nothing"
            : $"{Units.Count(side.EventsDiscarded)} events, {Units.Count(side.PacketsLost)} packets";
        string seconds = side.Seconds.ToString("f3", CultureInfo.InvariantCulture);
        report.Line($"   {seconds} s, {Units.Count(side.Events)} events; lost in the window: {lost}; "
            + $"spans cut at its ends: {Units.Count(side.SpansCut)}");
    }

    private static TextTable SpanTable(IReadOnlyList<SpanChange> spans)
    {
        TextTable table = new("A", "B", "B / A", "<", "<span");
        foreach (SpanChange span in spans)
        {
            table.Add(Units.Count(span.CountA), Units.Count(span.CountB), "", "spans", span.Name);
            foreach ((string name, DurationChange change) in span.Rows())
            {
                table.Add(Units.Time(change.ANs), Units.Time(change.BNs), Ratio(change.Ratio), name, "");
            }
        }

        return table;
    }

    private static TextTable EventTable(IReadOnlyList<EventChange> events)
    {
        TextTable table = new("A a second", "B a second", "B / A", "<event");
        foreach (EventChange item in events)
        {
            table.Add(Units.Rate(item.PerSecondA), Units.Rate(item.PerSecondB), Ratio(item.Ratio), item.Name);
        }

        return table;
    }

    private static void SayMore(int more, Report report)
    {
        if (more > 0)
        {
            report.Line($"and {Units.Count(more)} more that changed less: --top shows them");
        }
    }

    private static void SayOnly(string name, IReadOnlyList<EventChange> events, int count, Report report)
    {
        if (count > 0)
        {
            report.Line("");
            report.Line($"only in {name}: " + string.Join(", ", events.Select(item => $"{item.Name} ({Units.Count(item.CountA + item.CountB)})"))
                + (count > events.Count ? $" and {Units.Count(count - events.Count)} more" : ""));
        }
    }

    private static string Ratio(double? ratio) => ratio is { } value ? "x " + value.ToString("0.00", CultureInfo.InvariantCulture) : "";
}
