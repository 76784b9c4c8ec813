using System.Globalization;
using RingTrace.Formats;
using RingTrace.Formats.Spans;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Slow;

/// <summary>A trace's slow spans for people.</summary>
internal static class SlowReport
{
    public static Report Of(SlowSpans slow)
    {
        Report report = new();
        long spans = slow.Names.Values.Sum(named => named.Durations.Count + named.CutAtBegin + named.CutAtEnd);
        report.Heading(Invariant($"{Units.Count(spans)} spans among {Units.Count(slow.Events)} events of {slow.Reader.Directory}"));
        if (slow.Names.Count > 0)
        {
            report.Table(NameTable(slow.Names));
        }

        report.Line("");
        foreach (string line in Remarks(slow))
        {
            report.Line(line);
        }

        foreach (SpanStory story in slow.Longest)
        {
            Tell(story, report);
        }

        return report;
    }

    private static TextTable NameTable(IReadOnlyDictionary<string, NamedSpans> names)
    {
        TextTable table = new("count", "p50", "p90", "p99", "max", "cut", "<span");
        foreach ((string name, NamedSpans named) in names.OrderByDescending(item => item.Value.Durations.Max))
        {
            DurationHistogram durations = named.Durations;
            table.Add(
                [Units.Count(durations.Count), Time(50), Time(90), Time(99), Time(100), Units.Count(named.CutAtBegin + named.CutAtEnd), name]);

            string Time(double percent) => durations.Count == 0 ? "" : Units.Time(durations.Percentile(percent));
        }

        return table;
    }

    /// <summary>What is to be known of the figures.</summary>
    private static IEnumerable<string> Remarks(SlowSpans slow)
    {
        long cutAtBegin = slow.Names.Values.Sum(named => named.CutAtBegin);
        long cutAtEnd = slow.Names.Values.Sum(named => named.CutAtEnd);
        if (cutAtBegin + cutAtEnd > 0)
        {
            yield return $"Cut: of {Units.Count(cutAtBegin)} the trace has no begin and of {Units.Count(cutAtEnd)} no end; "
                + "they are not in count and percentiles";
        }

        if (slow.GivenUp > 0)
        {
            yield return $"{Units.Count(slow.GivenUp)} of these were given up because more than "
                + $"{Units.Count(SpanTracker.DefaultMostOpen)} spans were open";
        }

        StreamLosses losses = slow.Reader.Losses;
        yield return losses.Any
            ? $"Lost: {Units.Count(losses.EventsDiscarded)} events and {Units.Count(losses.PacketsLost)} packets; "
                + "a span of which one end was lost looks cut"
            : "Lost: nothing";
        yield return Invariant($"Percentiles are exact within {DurationHistogram.RelativeError:p1}, the maximum is exact");
    }

    private static void Tell(SpanStory story, Report report)
    {
        TracedSpan span = story.Span;
        report.Line("");
        report.Heading(Invariant($"{story.Rank}. {span.Name}  {TimeOf(span, story.Duration)}  {story.Fields.Text}").TrimEnd());
        string elsewhere = span.EndThreadId != span.ThreadId ? $", ended on thread {ThreadOf(span, span.EndThreadId)}" : "";
        report.Line(Invariant($"   {Instants.ToUtc(span.Begin):yyyy-MM-dd HH:mm:ss.fffffff} UTC, thread {ThreadOf(span, span.ThreadId)}{elsewhere}"));
        foreach (StoryItem item in story.First)
        {
            Tell(span, item, report);
        }

        if (story.More > 0)
        {
            report.Line($"     ... {Units.Count(story.More)} more");
        }

        foreach (StoryItem item in story.Last)
        {
            Tell(span, item, report);
        }
    }

    private static void Tell(TracedSpan span, StoryItem item, Report report)
    {
        string after = "+" + Units.Time(item.Time - span.Begin);
        string took = item.Span is null ? "" : TimeOf(item.Span, item.Span.Duration) + "  ";
        report.Line($"   {after,10}  {new string(' ', 2 * item.Depth)}{item.Name}  {took}{item.Fields.Text}");
    }

    private static string TimeOf(TracedSpan span, long duration) =>
        (span.Cut == SpanCut.None ? "" : "more than ") + Units.Time(duration);

    private static string ThreadOf(TracedSpan span, long thread) =>
        span.Trace.ThreadNames.TryGetValue(thread, out string? name) ? $"{thread} ({name})" : $"{thread}";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
