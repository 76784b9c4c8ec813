using RingTrace.Packets;
using RingTrace.Pipeline;

namespace RingTrace.Tool.Net.Flows;

/// <summary>Gathers one thread's flows, and publishes them at the end.</summary>
/// <param name="most">So many flows are kept by all threads together.</param>
/// <param name="threads">How many threads there are.</param>
/// <param name="filter">Which packets; null for all.</param>
internal sealed class FlowsProcessor(int most, int threads, ExpressionFilter? filter) : PacketProcessor<FlowTable>
{
    private FlowTable _table = null!;

    public override void OnStarting() => _table = new FlowTable(FlowTable.ShareOf(most, Context.Thread, threads));

    public override void OnPacket(in Packet packet)
    {
        if (filter is null || filter.Takes(packet))
        {
            _table.Add(in packet, Context.Order);
        }
    }

    public override void OnStopping() => Context.Publish(_table);
}
