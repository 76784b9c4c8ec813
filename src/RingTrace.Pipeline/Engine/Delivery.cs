using RingTrace.Packets;

namespace RingTrace.Pipeline.Engine;

/// <summary>What a processing thread gets at once: packets, marks between them, and how far the source is.</summary>
internal sealed class Delivery
{
    public const int Capacity = 1024;

    /// <summary>As many as packets: where there are more, ticks are too dense to be worth more memory.</summary>
    public const int MostMarks = Capacity;

    public PacketBatch Packets { get; } = new(Capacity);

    public List<Mark> Marks { get; } = [];

    /// <summary>Whatever this thread gets later has at least this order.</summary>
    public long Watermark { get; set; }

    public bool IsFull => Packets.IsFull;

    public void Clear()
    {
        Packets.Clear();
        Marks.Clear();
    }
}
