using System.CommandLine;
using RingTrace.Tool.Filtering;

namespace RingTrace.Tool.Net;

/// <summary>How long the intervals are that a command tells of.</summary>
internal static class IntervalOption
{
    private const long Default = 1_000_000_000;
    private const long Least = 1_000_000;

    public static Option<long?> Create() => new("--interval")
    {
        Description = $"How long an interval is: 1ms or more, a number with {Durations.Units} (default: 1s)",
        HelpName = "TIME",
        CustomParser = result =>
        {
            long? length = OptionValues.Duration(result);
            if (length < Least)
            {
                result.AddError("--interval must be 1ms or more.");
            }

            return length;
        },
    };

    public static TimeSpan Of(ParseResult parsed, Option<long?> interval) =>
        TimeSpan.FromTicks((parsed.GetValue(interval) ?? Default) / TimeSpan.NanosecondsPerTick);

    /// <summary>When the interval begins that a time is in; intervals are counted from 1970 on.</summary>
    public static long BeginOf(long timeNs, long intervalNs) => timeNs - ((timeNs % intervalNs + intervalNs) % intervalNs);
}
