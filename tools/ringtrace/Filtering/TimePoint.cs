using System.Globalization;
using System.Text.RegularExpressions;
using RingTrace.Formats;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Filtering;

/// <summary>
/// A moment as people name it: <c>2026-11-22T09:12:19.5Z</c>, with another zone or without one (local time, as
/// <c>view</c> prints it), <c>09:12:19.5</c> of the trace's day, <c>+1.5s</c> after its begin, <c>-2s</c> before its
/// end. Which instant that is, only a trace can say.
/// </summary>
internal sealed partial class TimePoint
{
    public const string Forms = "a date and time, HH:MM:SS, +1.5s after the trace's begin or -2s before its end";

    private const long NanosecondsPerDay = 24 * 3_600_000_000_000;

    private readonly Func<TraceWindow, long> _resolve;

    private TimePoint(Func<TraceWindow, long> resolve) => _resolve = resolve;

    /// <summary>Nanoseconds since 1970-01-01 UTC.</summary>
    /// <exception cref="UsageException">The trace does not say when it begins or ends, and it depends on that.</exception>
    public long Resolve(TraceWindow window) => _resolve(window);

    /// <returns>Null when the text has none of the <see cref="Forms"/>.</returns>
    public static TimePoint? TryParse(string text)
    {
        if (text.StartsWith('+') && Durations.TryParse(text.AsSpan(1), out long after))
        {
            return new TimePoint(window => Instants.Add(window.Begin, after));
        }

        if (text.StartsWith('-') && Durations.TryParse(text.AsSpan(1), out long before))
        {
            return new TimePoint(window => Instants.Add(window.End, -before));
        }

        Match match = Moment().Match(text);
        if (!match.Success || !TimeOnly.TryParse(match.Groups["time"].Value, CultureInfo.InvariantCulture, out TimeOnly time))
        {
            return null;
        }

        long rest = Fraction(match.Groups["fraction"].Value);
        if (!match.Groups["date"].Success)
        {
            return new TimePoint(window => Instants.Add(OfTheTracesDay(time, window), rest));
        }

        return TryInstant($"{match.Groups["date"].Value} {match.Groups["time"].Value}{match.Groups["zone"].Value}") is { } instant
            ? new TimePoint(_ => Instants.Add(instant, rest))
            : null;
    }

    private static long? TryInstant(string text) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out DateTimeOffset instant)
        ? Instants.Of(instant) : null;

    /// <summary>A trace that goes past midnight has the time on its second day, if the first is too early.</summary>
    private static long OfTheTracesDay(TimeOnly time, TraceWindow window)
    {
        DateTime day = Instants.ToUtc(window.Begin).ToLocalTime().Date;
        long instant = Instants.Of(new DateTimeOffset(day + time.ToTimeSpan()));
        return instant < window.Begin && instant <= window.End - NanosecondsPerDay ? instant + NanosecondsPerDay : instant;
    }

    /// <summary>Nine digits, as traces have them: more than .NET's own times.</summary>
    private static long Fraction(string digits) => digits.Length == 0
        ? 0 : long.Parse(digits.PadRight(9, '0'), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^((?<date>\d{4}-\d\d-\d\d)[T ])?(?<time>\d\d:\d\d(:\d\d)?)(\.(?<fraction>\d{1,9}))?(?(date)(?<zone>Z|[+-]\d\d:?\d\d)?)$")]
    private static partial Regex Moment();
}

/// <summary>From a trace's first packet to its last, as far as these say when they were.</summary>
/// <param name="First">Nanoseconds since 1970-01-01 UTC.</param>
/// <param name="Last">Likewise.</param>
internal sealed record TraceWindow(long? First, long? Last)
{
    /// <exception cref="UsageException">That is not known.</exception>
    public long Begin => First ?? throw Unknown("begins");

    /// <exception cref="UsageException">That is not known.</exception>
    public long End => Last ?? throw Unknown("ends");

    public static TraceWindow Of(TraceReader reader) => new(
        reader.Streams.Min(stream => stream.FirstTimestamp), reader.Streams.Max(stream => stream.LastTimestamp));

    private static UsageException Unknown(string what) => new($"the trace does not say when it {what}: name a date and time.");
}
