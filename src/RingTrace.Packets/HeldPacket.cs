using RingTrace.Packets.Blocks;

namespace RingTrace.Packets;

/// <summary>A packet that outlives its batch. Any thread may read it and dispose of it, once nobody else reads it.</summary>
public sealed class HeldPacket : IDisposable
{
    private readonly PacketRecord _record;
    private Block? _block;

    internal HeldPacket(Block block, ref readonly PacketRecord record)
    {
        _block = block;
        _record = record;
    }

    /// <summary>The packet.</summary>
    /// <exception cref="ObjectDisposedException">It was given back.</exception>
    public Packet Packet
    {
        get
        {
            Block? block = _block;
            ObjectDisposedException.ThrowIf(block is null, this);
            return new Packet(block, in _record);
        }
    }

    /// <summary>Gives the block back.</summary>
    public void Dispose() => Interlocked.Exchange(ref _block, null)?.Release();
}
