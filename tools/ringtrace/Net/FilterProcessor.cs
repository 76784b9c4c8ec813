using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Pipeline;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Net;

/// <summary>What a filter's thread hands on.</summary>
/// <param name="Packet">A packet that is taken, or a meta record.</param>
/// <param name="Dropped">How many others there were, in all.</param>
/// <param name="Refusal">What is to be told when it is this packet's turn.</param>
internal readonly record struct FilteredPacket(HeldPacket? Packet, long Dropped = 0, UsageException? Refusal = null)
{
    /// <summary>Writes what is to be written.</summary>
    /// <returns>How many packets were dropped.</returns>
    public long WriteTo(CaptureWriter writer, CaptureReader source)
    {
        if (Refusal is not null)
        {
            throw Refusal;
        }

        using HeldPacket? held = Packet;
        if (held is not null)
        {
            writer.Write(held.Packet, source);
        }

        return Dropped;
    }
}

/// <summary>Runs a filter over the packets of one thread.</summary>
internal sealed class FilterProcessor(ExpressionFilter filter) : PacketProcessor<FilteredPacket>
{
    private long _dropped;

    public override void OnPacket(in Packet packet)
    {
        try
        {
            if (!filter.Takes(packet))
            {
                _dropped++;
                return;
            }
        }
        catch (UsageException e)
        {
            Context.Publish(new FilteredPacket(null, Refusal: e));
            return;
        }

        Context.Publish(new FilteredPacket(packet.Hold()));
    }

    public override void OnMeta(in Packet packet) => Context.Publish(new FilteredPacket(packet.Hold()));

    public override void OnStopping() => Context.Publish(new FilteredPacket(null, _dropped));
}
