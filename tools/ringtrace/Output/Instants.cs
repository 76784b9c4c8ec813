namespace RingTrace.Tool.Output;

/// <summary>Instants as traces have them (nanoseconds since 1970-01-01 UTC), and .NET's, of 100 nanoseconds.</summary>
internal static class Instants
{
    /// <summary>Rounded down.</summary>
    public static DateTime ToUtc(long instant) => ToUtc(instant, out _);

    /// <summary>Rounded down, with the nanoseconds that are left.</summary>
    public static DateTime ToUtc(long instant, out int rest)
    {
        long ticks = Math.DivRem(instant, TimeSpan.NanosecondsPerTick, out long remainder);
        if (remainder < 0)
        {
            (ticks, remainder) = (ticks - 1, remainder + TimeSpan.NanosecondsPerTick);
        }

        rest = (int)remainder;
        return DateTime.UnixEpoch.AddTicks(ticks);
    }

    /// <summary>As near as the range of a long comes.</summary>
    public static long Of(DateTimeOffset time) => (long)Int128.Clamp(
        (Int128)(time.UtcTicks - DateTime.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick, long.MinValue, long.MaxValue);

    /// <summary>Saturates.</summary>
    public static long Add(long instant, long nanoseconds) =>
        (long)Int128.Clamp((Int128)instant + nanoseconds, long.MinValue, long.MaxValue);
}
