using System.Globalization;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Stats;

/// <summary>A trace's statistics for people.</summary>
internal static class StatsReport
{
    public static Report Of(TraceStats stats)
    {
        Report report = new();
        foreach (RecorderStats recorder in stats.Recorders)
        {
            Describe(recorder, report);
        }

        report.Line("");
        report.Line(stats.First is null
            ? "the packets do not say when" : Invariant($"{stats.First:yyyy-MM-dd HH:mm:ss.fff} UTC and {stats.Seconds:f3} s on"));
        report.Table(StreamTable(stats));
        report.Table(EventTable(stats));
        report.Line("");
        if (stats.NeverOccurred.Count > 0)
        {
            report.Line(Invariant($"{stats.NeverOccurred.Count} declared kinds of events never occur"));
        }

        report.Line($"{Units.Count(stats.TotalEvents)} events in all");
        return report;
    }

    private static void Describe(RecorderStats recorder, Report report)
    {
        string process = recorder.ProcessId is { } id ? Invariant($"{recorder.Process} ({id})") : recorder.Process ?? "unknown program";
        report.Heading($"{recorder.Trace}   {process}{(recorder.Host is { } host ? " on " + host : "")}");
        if (recorder.Reason is { } reason)
        {
            report.Line($"  taken: {reason}");
        }

        if (recorder.Writer is null)
        {
            report.Line($"  recorded by {recorder.Tracer ?? "an unknown tracer"}");
            return;
        }

        string steps = recorder.ClockResolutionNs is > 0 and long ns ? $", steps of {Units.Time(ns)}" : "";
        report.Line(Invariant(
            $"  writer {recorder.Writer}, clock {recorder.Clock ?? "unknown"} at {recorder.ClockHz:n0} Hz{steps}"));
        if (recorder.Calendar is { } calendar)
        {
            report.Line(Invariant($"  over {calendar.Seconds:f1} s the clock was {Ppm(calendar.ClockPpm)} off, ")
                + $"the calendar {Ppm(calendar.CalendarPpm)}");
            foreach (JumpStats jump in calendar.Jumps)
            {
                report.Line(Invariant($"  the calendar was set by {Units.Time(jump.Nanoseconds)}, seen at {jump.Seen:HH:mm:ss.fff} UTC"));
            }
        }

        report.Line($"  lost since the start: {Causes(recorder.Lost)}");
        if (recorder.RejectedEvents > 0)
        {
            report.Line($"  {Units.Count(recorder.RejectedEvents.Value)} kinds of events are missing: the recorder had no room for them");
        }

        foreach (LimitStats limit in recorder.Limits)
        {
            report.Line($"  {limit.Name}: {Describe(limit)}");
        }
    }

    private static string Describe(LimitStats limit)
    {
        List<string> parts = [];
        AddIf(limit.ThresholdNs, $"from {Units.Time(limit.ThresholdNs)} on");
        AddIf(limit.MostPerSecond, $"at most {Units.Count(limit.MostPerSecond)} a second");
        AddIf(limit.OneIn, $"one in {Units.Count(limit.OneIn)}");
        AddIf(limit.Suppressed, $"{Units.Count(limit.Suppressed)} not recorded");
        return string.Join(", ", parts);

        void AddIf(long value, string text)
        {
            if (value != 0)
            {
                parts.Add(text);
            }
        }
    }

    private static TextTable StreamTable(TraceStats stats)
    {
        TextTable table = new("CPU", "packets", "bytes", "seconds", "<first (UTC)", "overwritten", "<lost in the window", "<since the start");
        foreach (StreamStats stream in stats.Streams)
        {
            table.Add(
                stream.Cpu < 0 ? "?" : Invariant($"{stream.Cpu}"),
                Units.Count(stream.Packets),
                Units.Bytes(stream.Bytes),
                Invariant($"{(stream.Last - stream.First)?.TotalSeconds:f3}"),
                Invariant($"{stream.First:yyyy-MM-dd HH:mm:ss.fff}"),
                stream.Ring is { } ring ? Units.Count(ring.OverwrittenPackets) : "",
                Causes(LossesInTheWindow(stream)),
                stream.Ring is null ? "" : Causes(LossesOf(stream.Ring)));
        }

        return table;
    }

    private static Dictionary<string, long> LossesInTheWindow(StreamStats stream) => new()
    {
        ["events"] = (long)Math.Min(stream.EventsDiscarded, long.MaxValue),
        ["packets"] = (long)Math.Min(stream.PacketsLost, long.MaxValue),
    };

    private static Dictionary<string, long> LossesOf(RingStats ring)
    {
        Dictionary<string, long> losses = new(ring.Lost);
        losses["missed packets"] = ring.MissedPackets;
        losses["left out bytes"] = ring.LeftOutBytes;
        return losses;
    }

    private static TextTable EventTable(TraceStats stats)
    {
        TextTable table = new("events", "a second", "bytes", "bytes each", "<level", "<event");
        foreach (EventStats kind in stats.Events)
        {
            table.Add(
                Units.Count(kind.Count),
                Units.Rate(kind.PerSecond),
                Units.Bytes(kind.Bytes),
                Invariant($"{(double)kind.Bytes / kind.Count:f1}"),
                kind.Level ?? "",
                kind.Name);
        }

        return table;
    }

    private static string Causes(IReadOnlyDictionary<string, long> lost)
    {
        string causes = string.Join(", ", lost.Where(cause => cause.Value != 0)
            .Select(cause => $"{cause.Key} {Units.Count(cause.Value)}"));
        return causes.Length > 0 ? causes : "nothing";
    }

    private static string Ppm(double value) => Invariant($"{value:+0.0;-0.0;0.0} ppm");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
