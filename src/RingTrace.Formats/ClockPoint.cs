namespace RingTrace.Formats;

/// <summary>One instant by a trace's clock and by the calendar, as the recorder saw both.</summary>
/// <param name="Ticks">The trace's clock.</param>
/// <param name="Monotonic">The system's steady clock, in nanoseconds.</param>
/// <param name="Realtime">The calendar, in nanoseconds since 1970-01-01 UTC.</param>
public readonly record struct ClockPoint(ulong Ticks, long Monotonic, long Realtime);

/// <summary>Somebody set the calendar between two points: times on both sides do not compare.</summary>
/// <param name="From">The point before.</param>
/// <param name="To">The point after.</param>
/// <param name="Nanoseconds">How far the calendar was put forward; negative when back.</param>
public readonly record struct ClockJump(ClockPoint From, ClockPoint To, long Nanoseconds);
