using RingTrace.Pipeline.Sources.Events;

namespace RingTrace.Pipeline.Engine.Parallel;

/// <summary>What one visit to the rings brought. A mark of time t is behind the events that are earlier, and before the others.</summary>
internal sealed class EventRound(FreeList<EventRound> free) : SharedRound
{
    /// <summary>Those of one stream in their order.</summary>
    public List<EventPacket> Packets { get; } = [];

    /// <summary>
    /// The processing thread of each. A packet that another thread has given back already may be somebody else's by now: whoever looks
    /// here first never touches it.
    /// </summary>
    public List<int> Threads { get; } = [];

    /// <summary>Every event that is earlier is in this round or was in one before.</summary>
    public long WatermarkNs { get; set; }

    public override long Watermark => WatermarkNs;

    public override void Return()
    {
        Packets.Clear();
        Threads.Clear();
        Marks.Clear();
        free.Add(this);
    }
}
