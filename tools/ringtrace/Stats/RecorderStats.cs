using RingTrace.Formats;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Stats;

/// <summary>Who recorded a trace, and how. What the trace does not say is null.</summary>
/// <param name="Trace">The trace's directory.</param>
/// <param name="Process">The program's name.</param>
/// <param name="ProcessId">Its number.</param>
/// <param name="Host">The machine's name.</param>
/// <param name="Tracer">What recorded it: <c>ringtrace</c>, <c>lttng-ust</c>.</param>
/// <param name="Reason">Why the snapshot was taken.</param>
/// <param name="Taken">When.</param>
/// <param name="Writer">Who wrote the records: <c>rseq</c> or <c>classic</c>.</param>
/// <param name="Clock">What time was read from: <c>tsc</c>, <c>monotonic</c> or <c>coarse</c>.</param>
/// <param name="ClockResolutionNs">How far apart two times may be that look the same.</param>
/// <param name="ClockHz">The clock's ticks per second.</param>
/// <param name="Calendar">How the clock went beside the system's; null without two looks at both.</param>
/// <param name="Lost">Records lost by cause since the recorder's start.</param>
/// <param name="RejectedEvents">Kinds of events for which the recorder had no room.</param>
/// <param name="SuppressedEvents">Records that limits kept out, in all.</param>
/// <param name="Limits">The kinds of events with limits, or of which some were kept out.</param>
internal sealed record RecorderStats(
    string Trace,
    string? Process,
    long? ProcessId,
    string? Host,
    string? Tracer,
    string? Reason,
    string? Taken,
    string? Writer,
    string? Clock,
    long? ClockResolutionNs,
    ulong? ClockHz,
    CalendarStats? Calendar,
    IReadOnlyDictionary<string, long> Lost,
    long? RejectedEvents,
    long SuppressedEvents,
    IReadOnlyList<LimitStats> Limits)
{
    public static RecorderStats Of(TraceInfo trace)
    {
        List<LimitStats> limits = [.. trace.EventClasses.Select(item => LimitStats.Of(trace, item)).OfType<LimitStats>()];
        return new RecorderStats(
            trace.Directory,
            Text("procname"),
            Number("vpid"),
            Text("hostname"),
            Text("tracer_name"),
            Text("ringtrace_reason"),
            Text("ringtrace_taken"),
            Text("ringtrace_writer"),
            Text("ringtrace_clock"),
            Number("ringtrace_clock_resolution_ns"),
            trace.Clocks.Count > 0 ? trace.Clocks[0].Frequency : null,
            trace.Clocks.Count > 0 ? CalendarStats.Of(trace.Clocks[0]) : null,
            LostIn(trace, "ringtrace_lost_"),
            Number("ringtrace_rejected_events"),
            limits.Sum(limit => limit.Suppressed),
            limits);

        string? Text(string key) => trace.Environment.GetValueOrDefault(key).Text;
        long? Number(string key) => trace.Environment.TryGetValue(key, out EnvironmentValue value) ? value.Number : null;
    }

    /// <summary>The causes of losses under a prefix.</summary>
    public static Dictionary<string, long> LostIn(TraceInfo trace, string prefix) => trace.Environment
        .Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value.Number);
}

/// <summary>Which records of a kind of event were kept.</summary>
/// <param name="Name"><c>Provider:Event</c>.</param>
/// <param name="ThresholdNs">Shorter spans were not recorded; 0 for all.</param>
/// <param name="MostPerSecond">No more were in a second; 0 for all.</param>
/// <param name="OneIn">One of so many was; 0 for all.</param>
/// <param name="Suppressed">How many were not, since the recorder's start.</param>
internal sealed record LimitStats(string Name, long ThresholdNs, long MostPerSecond, long OneIn, long Suppressed)
{
    /// <returns>Null when nothing was limited.</returns>
    public static LimitStats? Of(TraceInfo trace, EventClass item)
    {
        LimitStats limits = new(
            item.Name, Number("threshold_ns"), Number("most_per_second"), Number("one_in"), Number("suppressed"));
        return limits with { Name = "" } == new LimitStats("", 0, 0, 0, 0) ? null : limits;

        long Number(string what) => trace.Environment.GetValueOrDefault($"ringtrace_event_{item.Id}_{what}").Number;
    }
}

/// <summary>How a recorder's clock went beside the system's steady clock, and that beside the calendar.</summary>
/// <param name="Pairs">How often it looked at all three.</param>
/// <param name="Seconds">From the first look to the last.</param>
/// <param name="ClockPpm">By how many millionths the clock's rate was off; positive when it went fast.</param>
/// <param name="CalendarPpm">By how many millionths the calendar went faster, jumps left out.</param>
/// <param name="Jumps">Where the calendar was set, or the machine slept.</param>
internal sealed record CalendarStats(
    int Pairs, double Seconds, double ClockPpm, double CalendarPpm, IReadOnlyList<JumpStats> Jumps)
{
    private const double Million = 1e6;
    private const double NanosecondsPerSecond = 1e9;

    public static CalendarStats? Of(ClockInfo clock)
    {
        if (clock.Points is not [ClockPoint first, .., ClockPoint last] || last.Monotonic <= first.Monotonic)
        {
            return null;
        }

        double steady = (double)last.Monotonic - first.Monotonic;
        double ticks = (last.Ticks - first.Ticks) * NanosecondsPerSecond / clock.Frequency;
        double calendar = (double)last.Realtime - first.Realtime - clock.Jumps.Sum(jump => (double)jump.Nanoseconds);
        return new CalendarStats(
            clock.Points.Count,
            steady / NanosecondsPerSecond,
            Million * (ticks - steady) / steady,
            Million * (calendar - steady) / steady,
            [.. clock.Jumps.Select(jump => new JumpStats(Instants.ToUtc(jump.To.Realtime), jump.Nanoseconds))]);
    }
}

/// <summary>The calendar was set.</summary>
/// <param name="Seen">When the recorder saw it, UTC.</param>
/// <param name="Nanoseconds">How far forward.</param>
internal sealed record JumpStats(DateTime Seen, long Nanoseconds);
