using System.Runtime.CompilerServices;
using RingTrace.Packets.Blocks;

namespace RingTrace.Packets;

/// <summary>
/// Packets in their order, and a hold on the blocks that they lie in; as a reader fills it, on one. Filled by
/// <see cref="Captures.CaptureReader.TryReadBatch"/> again and again; one thread at a time.
/// </summary>
public sealed class PacketBatch : IDisposable
{
    /// <summary>How many packets a batch takes unless it is told otherwise.</summary>
    public const int DefaultCapacity = 256;

    private const int MostBlocks = 256;
    private const int DenseBytes = 320;

    private readonly PacketRecord[] _records;

    /// <summary>What is held; a record says which one of them it lies in.</summary>
    private Block[] _blocks = new Block[1];
    private int _blockCount;

    /// <summary>Makes an empty batch.</summary>
    /// <param name="capacity">At most so many packets, at least 1.</param>
    public PacketBatch(int capacity = DefaultCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _records = new PacketRecord[capacity];
    }

    /// <summary>How many packets there are.</summary>
    public int Count { get; private set; }

    internal bool IsFull => Count == _records.Length || _blockCount == MostBlocks;

    /// <summary>A packet, good until the batch is filled again.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public Packet this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
            ref readonly PacketRecord record = ref _records[index];
            return new Packet(_blocks[record.Block], in record);
        }
    }

    /// <summary>
    /// Whether packets are so long that the CPU, which fetches the next lines by itself, does not come to the next headers by that.
    /// By the blocks that are held, whole: a batch of few packets always is, which does no harm.
    /// </summary>
    internal bool IsSparse
    {
        get
        {
            long bytes = 0;
            foreach (Block block in _blocks.AsSpan(0, _blockCount))
            {
                bytes += block.Bytes.Length;
            }

            return bytes > (long)Count * DenseBytes;
        }
    }

    /// <summary>Has the CPU fetch the headers of a packet that will be looked at soon; of none, where the index is beyond the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Prefetch(int index)
    {
        if ((uint)index < (uint)Count)
        {
            ref readonly PacketRecord record = ref _records[index];
            _blocks[record.Block].Prefetch(record.DataOffset);
        }
    }

    /// <summary>Empties the batch and gives its blocks back.</summary>
    public void Clear()
    {
        Count = 0;
        foreach (ref Block block in _blocks.AsSpan(0, _blockCount))
        {
            block.Release();
            block = null!;
        }

        _blockCount = 0;
    }

    /// <summary>The same as <see cref="Clear"/>.</summary>
    public void Dispose() => Clear();

    /// <summary>The next record to fill in, all but which block it lies in: this one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref PacketRecord Add(Block block)
    {
        int last = _blockCount - 1;
        ref PacketRecord record = ref _records[Count++];
        record.Block = last >= 0 && ReferenceEquals(_blocks[last], block) ? (byte)last : BlockIndex(block);
        return ref record;
    }

    /// <summary>Takes a packet of another batch too; nothing is copied but where it lies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref PacketRecord Add(PacketBatch from, int index)
    {
        ref readonly PacketRecord source = ref from._records[index];
        ref PacketRecord record = ref Add(from._blocks[source.Block]);
        byte block = record.Block;
        record = source;
        record.Block = block;
        return ref record;
    }

    /// <summary>Leaves out the packets from one on.</summary>
    internal void Cut(int count) => Count = Math.Min(Count, count);

    /// <summary>What is said of a packet.</summary>
    internal ref readonly PacketRecord RecordOf(int index) => ref _records[index];

    private byte BlockIndex(Block block)
    {
        int index = Array.LastIndexOf(_blocks, block, Math.Max(_blockCount - 1, 0), _blockCount);
        if (index < 0)
        {
            if (_blockCount == _blocks.Length)
            {
                Array.Resize(ref _blocks, 2 * _blockCount);
            }

            block.Retain();
            index = _blockCount++;
            _blocks[index] = block;
        }

        return (byte)index;
    }
}
