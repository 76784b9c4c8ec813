namespace RingTrace.Packets.Captures;

/// <summary>ERF's time stamps: seconds since 1970 in the upper, 2^-32 seconds in the lower 32 bits.</summary>
internal static class ErfTimes
{
    /// <summary>The unit as pcapng writes it: 2^-32 seconds.</summary>
    public const byte Resolution = 0x80 | 32;

    private const long Second = 1_000_000_000;

    /// <summary>Whether a format's times are in this form.</summary>
    public static bool AreOf(CaptureFormat format) =>
        format is CaptureFormat.Erf or CaptureFormat.LegacyEthernet or CaptureFormat.LegacyAtm or CaptureFormat.LegacyPos;

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
