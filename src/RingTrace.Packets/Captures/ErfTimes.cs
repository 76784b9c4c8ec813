namespace RingTrace.Packets.Captures;

/// <summary>ERF's time stamps: seconds since 1970 in the upper, 2^-32 seconds in the lower 32 bits.</summary>
internal static class ErfTimes
{
    private const long Second = 1_000_000_000;

    public static ulong FromNanoseconds(long time)
    {
        (long seconds, long rest) = Math.DivRem(time, Second);
        if (rest < 0)
        {
            (seconds, rest) = (seconds - 1, rest + Second);
        }

        return ((ulong)seconds << 32) | (((ulong)rest << 32) / Second);
    }

    /// <summary>The first time of this form that <see cref="ToNanoseconds"/> makes the same nanosecond of.</summary>
    public static ulong CeilingOf(long time)
    {
        ulong floor = FromNanoseconds(time);
        return ToNanoseconds(floor) == time ? floor : floor + 1;
    }

    public static long ToNanoseconds(ulong time) =>
        ((long)(time >> 32) * Second) + (long)(((time & uint.MaxValue) * Second) >> 32);
}
