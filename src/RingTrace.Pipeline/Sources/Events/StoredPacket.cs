using RingTrace.Formats;
using RingTrace.Packets.Blocks;

namespace RingTrace.Pipeline.Sources.Events;

/// <summary>A stream of a source, whose records are viewed with what is known of the ones before.</summary>
/// <param name="number">Its number in its feed.</param>
internal sealed class EventStream(int number)
{
    public int Number => number;
}

/// <summary>A packet that lies in a block, at its begin, and by what its records are read.</summary>
internal sealed class StoredPacket(EventStream stream, TraceInfo trace, Block block, int length) : IPacketOwner
{
    public EventStream Stream => stream;

    public TraceInfo Trace => trace;

    public Block Block => block;

    public int Length => length;

    /// <summary>By the decoder: those who view its records hold the block themselves.</summary>
    public void Release() => block.Release();
}
