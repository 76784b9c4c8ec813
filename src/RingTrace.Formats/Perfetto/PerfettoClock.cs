namespace RingTrace.Formats.Perfetto;

/// <summary>
/// The times of a file: CLOCK_MONOTONIC in nanoseconds, as the first trace's clock has it, and where on it the calendar
/// stands. Traces whose clock is nothing of the kind count from 1970.
/// </summary>
internal sealed class PerfettoClock
{
    public const uint Realtime = 1;
    public const uint Monotonic = 3;
    public const uint Boottime = 6;

    private readonly IReadOnlyList<ClockPoint> _points = [];
    private readonly ClockInfo? _clock;

    /// <summary>What to take from a time since 1970.</summary>
    private readonly long _offset;

    public PerfettoClock(TraceReader reader)
    {
        if (reader.Traces[0].Clocks is not [ClockInfo clock, ..])
        {
            return;
        }

        _clock = clock;
        _points = clock.Points;
        if (_points is [.., ClockPoint last])
        {
            // The trace's offset is from its last point.
            _offset = Minus(clock.ToNanoseconds(last.Ticks), last.Monotonic);
        }
        else if (clock is { Name: "monotonic", IsAbsolute: false })
        {
            _offset = clock.ToNanoseconds(0);
        }
    }

    /// <summary>A time since 1970 as one of the file; 0 when it is before the clock's begin.</summary>
    public ulong ToFile(long timestamp) => (ulong)Math.Max(0, Minus(timestamp, _offset));

    /// <summary>
    /// Says where the calendar stands, at every point that the recorder kept. BOOTTIME is what viewers go by; it is
    /// MONOTONIC, unless the machine has slept since it was started, which a trace does not tell.
    /// </summary>
    public void WriteSnapshots(PacketSequence sequence, long first)
    {
        ulong last = 0;
        bool any = false;
        foreach (ClockPoint point in _points)
        {
            ulong time = ToFile(_clock!.ToNanoseconds(point.Ticks));
            if (point.Realtime >= 0 && (time > last || !any))
            {
                Write(sequence, time, (ulong)point.Realtime);
                (last, any) = (time, true);
            }
        }

        if (!any)
        {
            Write(sequence, ToFile(first), (ulong)Math.Max(0, first));
        }
    }

    private static void Write(PacketSequence sequence, ulong time, ulong realtime) => sequence.Write(new TracePacket
    {
        ClockSnapshot = new ClockSnapshot
        {
            Clocks = { Reading(Realtime, realtime), Reading(Monotonic, time), Reading(Boottime, time) },
            PrimaryTraceClock = Monotonic,
        },
    });

    private static ClockSnapshot.Types.Clock Reading(uint clock, ulong time) => new() { ClockId = clock, Timestamp = time };

    private static long Minus(long left, long right) =>
        (long)Int128.Clamp((Int128)left - right, long.MinValue, long.MaxValue);
}
