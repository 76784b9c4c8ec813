using RingTrace.Packets;
using RingTrace.Packets.Captures;

namespace RingTrace.Pipeline.Sources;

/// <summary>A capture file, or what comes through a pipe.</summary>
internal sealed class CaptureSource(CaptureReader reader) : PacketSource
{
    /// <summary>Blocks of a file at once.</summary>
    private const int MostBlocks = 2;

    private int _blocks;

    public override string Name => reader.Name;

    public override bool IsFile => !reader.MayWait;

    public override long Dropped => reader.Lost;

    public override long Errors => reader.Damaged;

    public override bool TryReadBatch(PacketBatch batch)
    {
        _blocks = 1;
        return reader.TryReadBatch(batch);
    }

    public override bool TryReadMore(PacketBatch batch) => IsFile && _blocks++ < MostBlocks && reader.TryReadMore(batch);

    /// <inheritdoc/>
    /// <remarks>Beside those of the batches there is the block that is read into, and the one behind it when a record goes over its end.</remarks>
    public override void Reserve(int batches) => reader.Reserve((batches * MostBlocks) + 2);

    public override void Dispose() => reader.Dispose();
}
