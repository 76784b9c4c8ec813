using RingTrace.Packets;

namespace RingTrace.Pipeline.Engine;

/// <summary>A batch of the source, and for each packet its hash, then its thread.</summary>
internal sealed class TargetedBatch
{
    private const int Capacity = 2048;

    public PacketBatch Packets { get; } = new(Capacity);

    public uint[] Hashes { get; } = new uint[Capacity];

    /// <summary>Negative is filtered out.</summary>
    public int[] Targets { get; } = new int[Capacity];
}
