namespace RingTrace.Packets.Blocks;

/// <summary>The blocks of one reader that nobody needs just now. How many there are in all follows from who holds packets.</summary>
/// <param name="blockBytes">How long its blocks are.</param>
internal sealed class BlockPool(int blockBytes = BlockPool.BlockBytes)
{
    /// <summary>A block of the usual length: large enough that a call to the kernel is nothing, small enough to stay in the cache.</summary>
    public const int BlockBytes = 256 * 1024;

    private const int MostIdle = 64;

    private readonly Lock _gate = new();
    private readonly Stack<Block> _idle = new(MostIdle);

    /// <summary>A block of at least so many bytes. Longer ones than usual are made for the occasion.</summary>
    public Block Rent(int bytes)
    {
        if (bytes > blockBytes)
        {
            return new Block(this, bytes);
        }

        lock (_gate)
        {
            if (_idle.TryPop(out Block? block))
            {
                block.Renew();
                return block;
            }
        }

        return new Block(this, blockBytes);
    }

    /// <summary>Makes blocks before they are needed. They take no memory before they are written to.</summary>
    public void Reserve(int blocks)
    {
        lock (_gate)
        {
            while (_idle.Count < Math.Min(blocks, MostIdle))
            {
                _idle.Push(new Block(this, blockBytes));
            }
        }
    }

    public void Return(Block block)
    {
        lock (_gate)
        {
            if (block.Bytes.Length == blockBytes && _idle.Count < MostIdle)
            {
                _idle.Push(block);
            }
        }
    }
}
