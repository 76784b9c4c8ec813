using System.Globalization;

namespace RingTrace.Tool.Stats;

/// <summary>A trace's statistics for people: plain text, columns aligned.</summary>
internal static class StatsText
{
    public static void Write(TraceStats stats, TextWriter writer)
    {
        foreach (RecorderStats recorder in stats.Recorders)
        {
            string resolution = recorder.ClockResolutionNs is > 0 and long ns ? $", steps of {ns / 1e6:0.###} ms" : "";
            writer.WriteLine(Invariant($"{recorder.Trace}   {recorder.Process ?? "unknown program"}"));
            writer.WriteLine(Invariant(
                $"  writer {recorder.Writer ?? "unknown"}, clock {recorder.Clock ?? "unknown"} at {recorder.ClockHz:n0} Hz{resolution}"));
            writer.WriteLine("  lost since the start: " + (recorder.Lost.Count == 0
                ? "nothing" : string.Join(", ", recorder.Lost.Select(cause => Invariant($"{cause.Key} {cause.Value:n0}")))));
        }

        writer.WriteLine();
        writer.WriteLine(Invariant($"{"CPU",4} {"packets",10} {"bytes",15} {"seconds",10}  {"first (UTC)",-23} lost in the window"));
        foreach (StreamStats stream in stats.Streams)
        {
            double? seconds = (stream.Last - stream.First)?.TotalSeconds;
            string holds = Invariant($"{stream.Cpu,4} {stream.Packets,10:n0} {stream.Bytes,15:n0} {seconds,10:f3}");
            writer.WriteLine(Invariant(
                $"{holds}  {stream.First,-23:yyyy-MM-dd HH:mm:ss.fff} {stream.EventsDiscarded:n0} events, {stream.PacketsLost:n0} packets"));
        }

        writer.WriteLine();
        writer.WriteLine(Invariant($"{"events",14} {"per second",14}  event"));
        foreach (EventStats kind in stats.Events)
        {
            writer.WriteLine(Invariant($"{kind.Count,14:n0} {kind.PerSecond,14:n0}  {kind.Name}"));
        }

        writer.WriteLine(Invariant($"{stats.TotalEvents,14:n0} {"",14}  in all"));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
