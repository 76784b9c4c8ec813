namespace RingTrace.Pipeline.Sources.Events;

/// <summary>
/// Where packets of events come from: rings that are written, or what was saved of some. Not thread-safe, but for
/// <see cref="Dispose"/> and <see cref="Losses"/>; packets may be released by any thread.
/// </summary>
internal abstract class EventFeed : IDisposable
{
    /// <summary>As it was named.</summary>
    public abstract string Name { get; }

    /// <summary>Whether more is written meanwhile.</summary>
    public abstract bool IsLive { get; }

    /// <summary>
    /// Every event earlier than this has been handed over, by <see cref="Formats.EventView.Timestamp"/>. Grows with the visits;
    /// <see cref="long.MaxValue"/> at the end.
    /// </summary>
    public long WatermarkNs { get; protected set; } = long.MinValue;

    /// <summary>What was not got so far. Any thread.</summary>
    public virtual EventLosses Losses => default;

    /// <summary>
    /// Hands over what has come: of a file a bounded amount, of rings what was written up to now. Waits before, so that live
    /// visits are 50 ms apart; <see cref="Dispose"/> ends the wait.
    /// </summary>
    /// <param name="handler">Takes each packet, those of one stream in their order, and has it released one day.</param>
    /// <returns>False when it is over and all was handed over, now or before.</returns>
    /// <exception cref="IOException">What is read is damaged or gone; everything before was handed over.</exception>
    public abstract bool TryVisit(Action<EventPacket> handler);

    public abstract void Dispose();
}

/// <summary>What a feed did not get.</summary>
/// <param name="Lost">Records that the writers lost since the feed began.</param>
/// <param name="OverwrittenPackets">Packets that were overwritten before they were read.</param>
/// <param name="Copied">Packets that were copied, because no spare was left to hold them where they lie.</param>
internal readonly record struct EventLosses(long Lost, long OverwrittenPackets, long Copied);
