namespace RingTrace.Formats;

/// <summary>A clock of a trace: what its ticks mean in time. Immutable once the trace is open.</summary>
public sealed partial class ClockInfo
{
    /// <summary>A faster clock is refused: 1 PHz.</summary>
    internal const ulong MostTicksPerSecond = 1_000_000_000_000_000;

    private const ulong NanosecondsPerSecond = 1_000_000_000;

    private ulong _frequency = NanosecondsPerSecond;
    private ulong _reciprocal = ulong.MaxValue / NanosecondsPerSecond;

    /// <summary>What stands in for a clock when the trace declares none: nanoseconds from 0.</summary>
    internal static ClockInfo None { get; } = new() { Name = "" };

    /// <summary>The name that fields refer to.</summary>
    public string Name { get; internal set; } = "";

    /// <summary>The clock's identity: clocks with the same one may be compared. Null when not said.</summary>
    public Guid? Uuid { get; internal set; }

    /// <summary>A remark for people; empty when there is none.</summary>
    public string Description { get; internal set; } = "";

    /// <summary>Ticks per second.</summary>
    public ulong Frequency
    {
        get => _frequency;
        internal set => (_frequency, _reciprocal) = (value, ulong.MaxValue / Math.Max(1, value));
    }

    /// <summary>Where tick 0 stands, in seconds since 1970-01-01 UTC; <see cref="OffsetTicks"/> come on top.</summary>
    public long OffsetSeconds { get; internal set; }

    /// <summary>The rest of the offset, in ticks.</summary>
    public long OffsetTicks { get; internal set; }

    /// <summary>Whether it counts from 1970 and may be compared with other absolute clocks.</summary>
    public bool IsAbsolute { get; internal set; }

    /// <summary>
    /// A time in ticks as nanoseconds since 1970-01-01 UTC, rounded down; saturates at the range of a long.
    /// </summary>
    /// <param name="ticks">The clock's value.</param>
    public long ToNanoseconds(ulong ticks)
    {
        if (OffsetSeconds is > -(1L << 31) and < 1L << 31 && OffsetTicks is >= 0 and < 1L << 61 && ticks < 1UL << 62)
        {
            long seconds = OffsetSeconds * (long)NanosecondsPerSecond;
            ulong total = (ulong)OffsetTicks + ticks;
            if (Frequency == NanosecondsPerSecond)
            {
                return seconds + (long)total;
            }

            // Below 2^33 ticks a second the rest times 10^9 fits 64 bits; from 10^9 on, so does the sum.
            if (Frequency is > NanosecondsPerSecond and < 1UL << 33)
            {
                ulong whole = Divide(total, out ulong rest);
                return seconds + (long)(whole * NanosecondsPerSecond) + (long)Divide(rest * NanosecondsPerSecond, out _);
            }
        }

        return ToNanosecondsSlow(ticks);
    }

    /// <summary>
    /// By the frequency: a division for every event is what its time would cost most. The product with the reciprocal, which
    /// is rounded down, is at most 2 too small.
    /// </summary>
    private ulong Divide(ulong dividend, out ulong rest)
    {
        ulong quotient = Math.BigMul(dividend, _reciprocal, out _);
        rest = dividend - quotient * _frequency;
        while (rest >= _frequency)
        {
            quotient++;
            rest -= _frequency;
        }

        return quotient;
    }

    /// <summary>All of it fits 128 bits: 2^65 ticks times 10^9, and 2^63 seconds times 10^9.</summary>
    private long ToNanosecondsSlow(ulong ticks)
    {
        Int128 scaled = ((Int128)OffsetTicks + ticks) * NanosecondsPerSecond;
        Int128 nanoseconds = Floor(scaled, Frequency) + (Int128)OffsetSeconds * NanosecondsPerSecond;
        return (long)Int128.Clamp(nanoseconds, long.MinValue, long.MaxValue);
    }

    private static Int128 Floor(Int128 dividend, ulong divisor)
    {
        (Int128 quotient, Int128 rest) = Int128.DivRem(dividend, (Int128)divisor);
        return rest < 0 ? quotient - 1 : quotient;
    }
}
