using RingTrace.Formats;
using RingTrace.Packets;

namespace RingTrace.Pipeline;

/// <summary>
/// What is done with packets, one object for each processing thread: its fields are that thread's state. All calls come from
/// its thread, in this order: starting, resuming, then packets, ticks and messages, at each pause pausing and resuming, at the
/// end pausing and stopping. What was let in before a pause is worked on before <see cref="OnPausing"/>.
/// </summary>
/// <typeparam name="TResult">What it publishes.</typeparam>
/// <remarks>An exception ends the pipeline; it says which packet it was.</remarks>
public abstract class PacketProcessor<TResult>
{
    /// <summary>The thread it works on: to publish with. Set before the first call.</summary>
    public ProcessingContext<TResult> Context { get; internal set; } = null!;

    /// <summary>Once, in the new thread.</summary>
    public virtual void OnStarting()
    {
    }

    /// <summary>After the start, and after each pause.</summary>
    public virtual void OnResuming()
    {
    }

    /// <summary>
    /// The first packet since the start or a pause is about to be worked on, by whichever thread; to each thread.
    /// </summary>
    /// <param name="timeNs">Its time; of rings that are read in parallel, after a pause, that of the pause.</param>
    public virtual void OnFirstPacket(long timeNs)
    {
    }

    /// <summary>A packet.</summary>
    /// <param name="packet">Good for this call; <see cref="Packet.Hold"/> or <see cref="Packet.ToOwned"/> keep it.</param>
    public abstract void OnPacket(in Packet packet);

    /// <summary>Something about the capture: an interface, names, statistics. To the first thread.</summary>
    /// <param name="packet">Good for this call.</param>
    public virtual void OnMeta(in Packet packet)
    {
    }

    /// <summary>An event of a ring or trace that is a source.</summary>
    /// <param name="item">Good for this call.</param>
    public virtual void OnEvent(in EventView item)
    {
    }

    /// <summary>A tick, between the same two packets in each thread.</summary>
    /// <param name="tick">Which one.</param>
    public virtual void OnTick(Tick tick)
    {
    }

    /// <summary>A message to this thread or to all; as soon as the packet in work is done.</summary>
    /// <param name="message">As it was posted.</param>
    public virtual void OnMessage(object message)
    {
    }

    /// <summary>Before a pause and before the end.</summary>
    public virtual void OnPausing()
    {
    }

    /// <summary>Once, at the end; results may still be published.</summary>
    public virtual void OnStopping()
    {
    }
}
