using System.Globalization;
using RingTrace.Packets;
using RingTrace.Pipeline.Sources.Events;

namespace RingTrace.Pipeline.Sources;

/// <summary>Where packets come from, one after the other. For the thread that reads, but for <see cref="Interrupt"/> and the counts.</summary>
internal abstract class PacketSource : IDisposable
{
    /// <summary>How long a live source waits for a packet before it says that there is none.</summary>
    public const int LiveWaitMs = 50;

    private const long SecondNs = 1_000_000_000;

    /// <summary>As it was named.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the next packets are there or will be at once, as of a file.</summary>
    public abstract bool IsFile { get; }

    /// <summary>What is read later is not earlier than this: ticks up to it may be given though nothing comes. A file need not know.</summary>
    public virtual long WatermarkNs => long.MinValue;

    /// <summary>Lost before they could be read, as far as the source knows.</summary>
    public virtual long Dropped => 0;

    /// <summary>Lost before whoever captured them had them, as far as the source knows.</summary>
    public virtual long Missing => 0;

    /// <summary>Read, and marked as damaged on the wire.</summary>
    public virtual long Errors => 0;

    /// <summary>What is known of rings alone.</summary>
    public virtual EventLosses Rings => EventLosses.None;

    /// <summary>
    /// Empties a batch and fills it with what is there. Waits for the first packet; when a source is live, not longer than
    /// <see cref="LiveWaitMs"/>, and the batch may stay empty.
    /// </summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="CaptureException">The capture is damaged from here on.</exception>
    public abstract bool TryReadBatch(PacketBatch batch);

    /// <summary>Adds to a batch what comes next, if that is there at once and worth it. Damage is told by the next batch.</summary>
    /// <returns>False when nothing was added.</returns>
    public virtual bool TryReadMore(PacketBatch batch) => false;

    /// <summary>Makes the memory for so many batches now, so that none is made while packets come; for sources that read into blocks.</summary>
    public virtual void Reserve(int batches)
    {
    }

    /// <summary>Ends a wait, now or later: what is read afterwards is not wanted. Any thread.</summary>
    public virtual void Interrupt()
    {
    }

    /// <summary>Which packet or event it is, for an error. Any thread.</summary>
    public virtual string Identify(in Packet packet)
    {
        string what = packet.Kind == PacketKind.Event ? "the event" : string.Create(CultureInfo.InvariantCulture, $"packet {packet.Number}");
        return string.Create(CultureInfo.InvariantCulture, $"{what} of {Name}, time {packet.TimeNs / SecondNs}.{packet.TimeNs % SecondNs:D9}");
    }

    public abstract void Dispose();
}
