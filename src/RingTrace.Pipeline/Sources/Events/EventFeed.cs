using RingTrace.Formats;

namespace RingTrace.Pipeline.Sources.Events;

/// <summary>
/// Where packets of events come from: rings that are written, or what was saved of some. For one thread, but for
/// <see cref="Dispose"/> and <see cref="Losses"/>; packets may be released by any thread.
/// </summary>
internal abstract class EventFeed : IDisposable
{
    /// <summary>A visit hands over no more bytes of packets, but for the packet that reaches them: 4 MiB.</summary>
    public const long BytesPerVisit = 4 << 20;

    private volatile EventLosses _losses = EventLosses.None;

    /// <summary>As it was named.</summary>
    public abstract string Name { get; }

    /// <summary>Whether more is written meanwhile.</summary>
    public abstract bool IsLive { get; }

    /// <summary>
    /// Every event earlier than this has been handed over, by <see cref="EventView.Timestamp"/>. Grows with the visits;
    /// <see cref="long.MaxValue"/> at the end.
    /// </summary>
    public long WatermarkNs { get; protected set; } = long.MinValue;

    /// <summary>The same by <see cref="EventView.Realtime"/>.</summary>
    public long CalendarNs { get; private set; } = long.MinValue;

    /// <summary>
    /// What whoever takes the packets holds of them, though they are released. It counts among what may be handed over.
    /// </summary>
    public long HeldBytes { get; set; }

    /// <summary>What was not got so far. Any thread.</summary>
    public EventLosses Losses
    {
        get => _losses;
        protected set => _losses = value;
    }

    /// <summary>
    /// Hands over what has come, what is earliest first, and not more than <see cref="BytesPerVisit"/>. Waits before a visit to rings
    /// of which the last one left nothing, so that nothing is more than 100 ms late; <see cref="Dispose"/> ends the wait.
    /// </summary>
    /// <param name="handler">Takes each packet, those of one stream in their order, and has it released one day.</param>
    /// <returns>False when it is over and all was handed over, now or before.</returns>
    /// <exception cref="IOException">What is read is gone; everything before was handed over.</exception>
    /// <exception cref="TraceFormatException">What is read is damaged; everything before was handed over.</exception>
    public abstract bool TryVisit(Action<EventPacket> handler);

    public abstract void Dispose();

    /// <summary>What a pipeline says of a failed visit. What is said of a file names it.</summary>
    public PipelineException Fault(Exception error) => error as PipelineException ?? new PipelineException(
        error is IOException or UnauthorizedAccessException or TraceFormatException ? error.Message : $"source {Name}: {error.Message}", error);

    /// <summary>Every event before this one was handed over.</summary>
    protected void Reach(ClockInfo clock, ulong ticks) =>
        (WatermarkNs, CalendarNs) = (Math.Max(WatermarkNs, clock.ToNanoseconds(ticks)), Math.Max(CalendarNs, clock.ToRealtime(ticks)));

    protected void ReachEnd() => (WatermarkNs, CalendarNs) = (long.MaxValue, long.MaxValue);
}
