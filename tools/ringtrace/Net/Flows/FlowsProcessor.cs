using RingTrace.Packets;
using RingTrace.Pipeline;

namespace RingTrace.Tool.Net.Flows;

/// <summary>Gathers one thread's flows, and publishes them at the end.</summary>
internal sealed class FlowsProcessor(int most, ExpressionFilter? filter) : PacketProcessor<FlowTable>
{
    private readonly FlowTable _table = new(most);

    public override void OnPacket(in Packet packet)
    {
        if (filter is null || filter.Takes(packet))
        {
            _table.Add(in packet, Context.Order);
        }
    }

    public override void OnStopping() => Context.Publish(_table);
}
