namespace RingTrace.Formats.Merging;

/// <summary>A clock's rate and where its tick 0 stands, as metadata states them.</summary>
internal readonly record struct ClockScale(ulong Frequency, long OffsetSeconds, ulong OffsetTicks)
{
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    /// <summary>The scale by which a tick stands at an instant, in nanoseconds since 1970.</summary>
    public static ClockScale Through(ulong ticks, Int128 instant, ulong frequency) =>
        FromZero((instant * frequency / NanosecondsPerSecond) - ticks, frequency);

    public static ClockScale Of(ClockInfo clock) =>
        FromZero(((Int128)clock.OffsetSeconds * clock.Frequency) + clock.OffsetTicks, clock.Frequency);

    private static ClockScale FromZero(Int128 zero, ulong frequency)
    {
        (Int128 seconds, Int128 rest) = Int128.DivRem(zero, (Int128)frequency);
        return rest < 0
            ? new ClockScale(frequency, (long)(seconds - 1), (ulong)(rest + (Int128)frequency))
            : new ClockScale(frequency, (long)seconds, (ulong)rest);
    }

    public Int128 ToNanoseconds(ulong ticks) =>
        ((Int128)OffsetSeconds * NanosecondsPerSecond) + (((Int128)OffsetTicks + ticks) * NanosecondsPerSecond / Frequency);
}

/// <summary>
/// What ties the clocks of one boot: ticks of one counter are the same whoever read them, so all its traces get one rate and
/// offset; another counter is tied to CLOCK_MONOTONIC by the pairs that its recorder kept.
/// </summary>
internal sealed class BootTimeline
{
    private const string TimeStampCounter = "tsc";
    private const string Monotonic = "monotonic";
    private const ulong NanosecondsPerSecond = 1_000_000_000;

    private readonly List<TraceInfo> _traces;
    private readonly Dictionary<string, ClockScale> _scales = [];

    /// <param name="traces">All of one boot, at least one, each with one clock.</param>
    /// <exception cref="MergeException">Nothing says how their clocks go together.</exception>
    public BootTimeline(List<TraceInfo> traces)
    {
        _traces = traces;
        Reference = Best(traces);
        ClockInfo clock = Reference.Clocks[0];
        ClockScale scale = ClockScale.Of(clock);
        AheadOfMonotonic = clock.Points is [.., ClockPoint last]
            ? scale.ToNanoseconds(last.Ticks) - last.Monotonic : scale.ToNanoseconds(0);
        _scales[KindOf(Reference)] = scale;
        foreach (IGrouping<string, TraceInfo> kind in traces.GroupBy(KindOf).Where(kind => kind.Key != KindOf(Reference)))
        {
            _scales[kind.Key] = Tied(Best([.. kind]));
        }
    }

    /// <summary>The trace with the best anchored clock: the one whose pairs lie farthest apart.</summary>
    public TraceInfo Reference { get; }

    /// <summary>See <see cref="MergedBoot.TieNanoseconds"/>.</summary>
    public long? TieError() => _scales.Count == 1 ? 0
        : Largest((scale, pair) => scale.ToNanoseconds(pair.Ticks) - pair.Monotonic - AheadOfMonotonic);

    /// <summary>See <see cref="MergedBoot.CalendarNanoseconds"/>.</summary>
    public long? CalendarError() => Largest((scale, pair) => scale.ToNanoseconds(pair.Ticks) - pair.Realtime);

    /// <summary>How far the common timeline is ahead of CLOCK_MONOTONIC.</summary>
    private Int128 AheadOfMonotonic { get; }

    public ClockScale ScaleOf(TraceInfo trace) => _scales[KindOf(trace)];

    /// <summary>What a trace's ticks are read from. The coarse clock is CLOCK_MONOTONIC, in steps.</summary>
    public static string KindOf(TraceInfo trace) => trace.Environment.GetValueOrDefault("ringtrace_clock").Text switch
    {
        TimeStampCounter => TimeStampCounter,
        null when trace.Clocks[0] is not { Name: Monotonic, Frequency: NanosecondsPerSecond } => $"{trace.Clocks[0].Name} of {trace.Directory}",
        _ => Monotonic,
    };

    private static TraceInfo Best(List<TraceInfo> traces) => traces.MaxBy(trace => Span(trace.Clocks[0].Points))!;

    /// <summary>The more time between the first and last pair, the better the rate is known.</summary>
    private static Int128 Span(IReadOnlyList<ClockPoint> points) =>
        points.Count == 0 ? -1 : (Int128)points[^1].Monotonic - points[0].Monotonic;

    /// <summary>A clock in the reference's terms, by way of CLOCK_MONOTONIC, which each pair holds.</summary>
    private ClockScale Tied(TraceInfo trace)
    {
        ClockInfo clock = trace.Clocks[0];
        if (KindOf(trace) == Monotonic)
        {
            return ClockScale.Through(0, AheadOfMonotonic, NanosecondsPerSecond);
        }

        return clock.Points is [.., ClockPoint last]
            ? ClockScale.Through(last.Ticks, last.Monotonic + AheadOfMonotonic, clock.Frequency)
            : throw new MergeException($"{trace.Directory} cannot be merged with {Reference.Directory}: both say that they are of "
                + "one boot, but nothing in it ties its clock to that one's. Leave it out.");
    }

    private long? Largest(Func<ClockScale, ClockPoint, Int128> error) => _traces
        .SelectMany(trace => trace.Clocks[0].Points, (trace, pair) => (long?)Int128.Min(long.MaxValue, Int128.Abs(error(ScaleOf(trace), pair))))
        .Max();
}
