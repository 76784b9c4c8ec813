using System.Runtime.CompilerServices;
using RingTrace.Packets.Blocks;

namespace RingTrace.Packets;

/// <summary>
/// Packets that lie in one block, in the order of the file, and a hold on that block. Filled by
/// <see cref="Captures.CaptureReader.TryReadBatch"/> again and again; one thread at a time.
/// </summary>
public sealed class PacketBatch : IDisposable
{
    /// <summary>How many packets a batch takes unless it is told otherwise.</summary>
    public const int DefaultCapacity = 256;

    private readonly PacketRecord[] _records;
    private Block? _block;

    /// <summary>Makes an empty batch.</summary>
    /// <param name="capacity">At most so many packets, at least 1.</param>
    public PacketBatch(int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _records = new PacketRecord[capacity];
    }

    /// <summary>How many packets there are.</summary>
    public int Count { get; private set; }

    internal bool IsFull => Count == _records.Length;

    /// <summary>A packet, good until the batch is filled again.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public Packet this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
            return new Packet(_block!, in _records[index]);
        }
    }

    /// <summary>Empties the batch and gives its block back.</summary>
    public void Clear()
    {
        Count = 0;
        _block?.Release();
        _block = null;
    }

    /// <summary>The same as <see cref="Clear"/>.</summary>
    public void Dispose() => Clear();

    /// <summary>The next record to fill in, of a block that all records of this batch lie in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref PacketRecord Add(Block block)
    {
        if (_block is null)
        {
            block.Retain();
            _block = block;
        }

        return ref _records[Count++];
    }
}
