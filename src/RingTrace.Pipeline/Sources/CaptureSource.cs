using RingTrace.Packets;
using RingTrace.Packets.Captures;

namespace RingTrace.Pipeline.Sources;

/// <summary>A capture file, or what comes through a pipe.</summary>
internal sealed class CaptureSource(CaptureReader reader) : PacketSource
{
    private const int EnoughPackets = 1024;
    private const int MostBlocks = 4;

    public override string Name => reader.Name;

    public override bool IsFile => !reader.MayWait;

    public override long Dropped => reader.Lost;

    public override long Errors => reader.Damaged;

    public override bool TryReadBatch(PacketBatch batch)
    {
        if (!reader.TryReadBatch(batch))
        {
            return false;
        }

        // A file's blocks of long packets hold few of them: handing over costs more than a packet, so it is done for many.
        for (int blocks = 1; blocks < MostBlocks && batch.Count < EnoughPackets && IsFile; blocks++)
        {
            if (!reader.TryReadMore(batch))
            {
                break;
            }
        }

        return true;
    }

    public override void Dispose() => reader.Dispose();
}
