using RingTrace.Packets;
using RingTrace.Packets.Captures;

namespace RingTrace.Pipeline.Sources;

/// <summary>A capture file, or what comes through a pipe.</summary>
internal sealed class CaptureSource(CaptureReader reader) : PacketSource
{
    public override string Name => reader.Name;

    public override bool IsFile => File.Exists(reader.Name);

    public override long Dropped => reader.Lost;

    public override bool TryReadBatch(PacketBatch batch) => reader.TryReadBatch(batch);

    public override void Dispose() => reader.Dispose();
}
