using RingTrace.Packets;

namespace RingTrace.Pipeline.Sources;

/// <summary>Where packets come from, one after the other. For the source's thread.</summary>
internal abstract class PacketSource : IDisposable
{
    /// <summary>As it was named.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the next packets are there or will be at once, as of a file.</summary>
    public abstract bool IsFile { get; }

    /// <summary>Lost before they could be read, as far as the source knows.</summary>
    public virtual long Dropped => 0;

    /// <summary>Fills a batch with what is there, at least one packet; waits for it.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="CaptureException">The capture is damaged from here on.</exception>
    public abstract bool TryReadBatch(PacketBatch batch);

    public abstract void Dispose();
}
