using RingTrace.Packets.Input;

namespace RingTrace.Packets.Blocks;

/// <summary>
/// A capture's bytes as one window after another: <see cref="Window"/> is what is there, <see cref="Ensure"/> makes it longer,
/// <see cref="Advance"/> moves on. A window lies in one block; what did not fit is copied to the head of the next one, so a
/// record is always in one piece. Bytes that a batch looks at never change: a block is written only behind its window.
/// </summary>
internal sealed class BlockReader(ByteSource source) : IDisposable
{
    /// <summary>The longest record that is taken. Formats state theirs; a longer one is damage.</summary>
    public const int MostRecordBytes = 16 << 20;

    /// <summary>The most that a packet's bytes may be, so that other formats can hold it too, with what they add.</summary>
    public const int MostCapturedBytes = MostRecordBytes - 4096;

    private const int Growth = 4;

    private readonly BlockPool _pool = new();
    private int _position;
    private int _end;

    /// <summary>The file as it was named.</summary>
    public string Name => source.Name;

    /// <inheritdoc cref="ByteSource.MayWait"/>
    public bool MayWait => source.MayWait;

    /// <summary>Where the window begins in the capture.</summary>
    public long Offset { get; private set; }

    /// <summary>The block that the window lies in.</summary>
    public Block Block { get; private set; } = Block.Of([]);

    /// <summary>Where the window begins in its block.</summary>
    public int Position => _position;

    /// <summary>What has been read and not gone by yet.</summary>
    public ReadOnlySpan<byte> Window => Block.Bytes.AsSpan(_position, _end - _position);

    /// <inheritdoc cref="BlockPool.Reserve"/>
    public void Reserve(int blocks) => _pool.Reserve(blocks);

    /// <summary>Makes the window at least so long.</summary>
    /// <returns>False when the capture ends before that; the window is then all that is left.</returns>
    public bool Ensure(int bytes)
    {
        while (_end - _position < bytes)
        {
            if (_end == Block.Bytes.Length || (_position > 0 && _position + bytes > Block.Bytes.Length))
            {
                Renew(bytes);
            }

            int read = source.Read(Block.Bytes.AsSpan(_end));
            if (read == 0)
            {
                return false;
            }

            _end += read;
        }

        return true;
    }

    /// <summary>Goes by so many bytes of the window.</summary>
    public void Advance(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)bytes, (uint)(_end - _position));
        _position += bytes;
        Offset += bytes;
    }

    public CaptureException Error(long offset, string problem) => new(Name, offset, problem);

    public void Dispose()
    {
        Block.Release();
        Block = Block.Of([]);
        (_position, _end) = (0, 0);
        source.Dispose();
    }

    /// <summary>
    /// Goes on in another block, with what is left of this one at its head. A record may claim any length: the block grows with
    /// what is really there.
    /// </summary>
    private void Renew(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, MostRecordBytes);
        Block next = _pool.Rent(Math.Min(bytes, Math.Max(BlockPool.BlockBytes, Growth * (_end - _position))));
        Window.CopyTo(next.Bytes);
        Block.Release();
        (Block, _end, _position) = (next, _end - _position, 0);
    }
}
