using RingTrace.Packets.Layers;

namespace RingTrace.Tool.Net.Flows;

/// <summary>By what flows are sorted, the largest first.</summary>
internal enum FlowOrder
{
    Bytes,
    Packets,
    Duration,
}

/// <summary>What <c>net flows --json</c> prints; its names are a contract. Times are nanoseconds since 1970.</summary>
/// <param name="File">As it was named.</param>
/// <param name="Packets">All of them.</param>
/// <param name="WireBytes">How long they were.</param>
/// <param name="OtherPackets">Of these: of no IP protocol.</param>
/// <param name="BeyondPackets">Of these: of flows that there was no room for.</param>
/// <param name="BeyondBytes">How long those were.</param>
/// <param name="FlowCount">How many flows are known, shown or not.</param>
/// <param name="Flows">Those that are shown, in the order that was asked for.</param>
/// <param name="Error">Why not all was read; null when all was.</param>
internal sealed record FlowsJson(
    string File, long Packets, long WireBytes, long OtherPackets, long BeyondPackets, long BeyondBytes, int FlowCount,
    IReadOnlyList<FlowJson> Flows, string? Error)
{
    public static FlowsJson Of(FlowTable table, string file, FlowOrder order, int? count, string? error) => new(
        file, table.Totals.Packets, table.Totals.WireBytes, table.OtherPackets, table.BeyondPackets, table.BeyondBytes, table.Flows.Count,
        [.. FlowJson.Sorted(table.Flows, order).Take(count ?? int.MaxValue).Select(FlowJson.Of)], error);
}

/// <summary>One flow; the source is who sent its first packet.</summary>
/// <param name="Protocol">The number over IP.</param>
/// <param name="Source">Its address.</param>
/// <param name="SourcePort">0 where there is none.</param>
/// <param name="Destination">The other's.</param>
/// <param name="DestinationPort">0 where there is none.</param>
/// <param name="Packets">From source to destination.</param>
/// <param name="WireBytes">How long they were.</param>
/// <param name="PacketsBack">From destination to source.</param>
/// <param name="WireBytesBack">How long they were.</param>
/// <param name="FirstNs">The earliest packet; null when none has a time.</param>
/// <param name="LastNs">The latest.</param>
/// <param name="DurationNs">From the one to the other.</param>
/// <param name="Flags">TCP's that the source has sent, as they stand in the header: FIN 1, SYN 2, RST 4, PSH 8, ACK 16...</param>
/// <param name="FlagsBack">Those of the destination.</param>
/// <param name="Retransmissions">TCP segments of the source all of whose bytes it had sent before.</param>
/// <param name="RetransmissionsBack">Those of the destination.</param>
internal sealed record FlowJson(
    int Protocol, string Source, int SourcePort, string Destination, int DestinationPort,
    long Packets, long WireBytes, long PacketsBack, long WireBytesBack, long? FirstNs, long? LastNs, long DurationNs,
    int Flags, int FlagsBack, long Retransmissions, long RetransmissionsBack)
{
    public static IOrderedEnumerable<Flow> Sorted(IEnumerable<Flow> flows, FlowOrder order) => flows.OrderByDescending(flow => order switch
    {
        FlowOrder.Packets => flow.Packets,
        FlowOrder.Duration => flow.DurationNs,
        _ => flow.WireBytes,
    }).ThenBy(flow => flow.Order);

    public static FlowJson Of(Flow flow)
    {
        FlowKey key = flow.Key;
        bool hasTime = flow.FirstNs <= flow.LastNs;
        return new FlowJson(
            key.Protocol, key.Source.ToString(), key.SourcePort, key.Destination.ToString(), key.DestinationPort,
            flow.Forth.Packets, flow.Forth.WireBytes, flow.Back.Packets, flow.Back.WireBytes,
            hasTime ? flow.FirstNs : null, hasTime ? flow.LastNs : null, flow.DurationNs,
            flow.Forth.Flags, flow.Back.Flags, flow.Forth.Retransmissions, flow.Back.Retransmissions);
    }
}
