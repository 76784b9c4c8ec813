using RingTrace.Packets;
using RingTrace.Pipeline;

namespace RingTrace.Tool.Net.Flows;

/// <summary>What one thread says of an interval.</summary>
/// <param name="Packets">All of its packets.</param>
/// <param name="WireBytes">How long they were.</param>
/// <param name="FlowCount">How many flows it met.</param>
/// <param name="BeyondPackets">Packets of flows that there was no room for.</param>
/// <param name="Largest">Its largest flows, the largest first.</param>
internal sealed record TopShare(long Packets, long WireBytes, int FlowCount, long BeyondPackets, IReadOnlyList<Flow> Largest);

/// <summary>
/// Gathers one thread's flows of an interval. A flow's packets all come to one thread, so the largest of all are among the largest of each.
/// </summary>
/// <param name="count">So many flows are told.</param>
/// <param name="threads">How many threads there are.</param>
/// <param name="filter">Which packets; null for all.</param>
internal sealed class TopProcessor(int count, int threads, ExpressionFilter? filter) : PacketProcessor<TopShare>
{
    /// <summary>Of an interval, kept by all threads together.</summary>
    private const int MostFlows = 100_000;

    private FlowTable _table = null!;

    public override void OnStarting() => Begin();

    public override void OnPacket(in Packet packet)
    {
        if (filter is null || filter.Takes(packet))
        {
            _table.Add(in packet, Context.Order);
        }
    }

    public override void OnTick(Tick tick) => Publish();

    public override void OnStopping() => Publish();

    private void Publish()
    {
        if (_table.Totals.Packets > 0)
        {
            Context.Publish(new TopShare(_table.Totals.Packets, _table.Totals.WireBytes, _table.Flows.Count, _table.BeyondPackets,
                [.. FlowJson.Sorted(_table.Flows, FlowOrder.Bytes).Take(count)]));
            Begin();
        }
    }

    private void Begin() => _table = new FlowTable(FlowTable.ShareOf(MostFlows, Context.Thread, threads));
}

/// <summary>Puts the threads' shares of an interval together.</summary>
/// <param name="intervalNs">How long an interval is.</param>
/// <param name="count">So many flows are told.</param>
/// <param name="show">Takes each interval.</param>
internal sealed class TopReporter(long intervalNs, int count, Action<TopFlows> show) : Reporter<TopShare>
{
    private readonly List<TopShare> _shares = [];
    private long? _begin;

    public override void OnFirstPacket(long timeNs) => _begin ??= IntervalOption.BeginOf(timeNs, intervalNs);

    public override void OnResult(in Result<TopShare> result) => _shares.Add(result.Value);

    public override void OnTick(Tick tick)
    {
        // A long gap is one step: what came is of the interval before it.
        _begin ??= tick.TimeNs - intervalNs;
        Show();
        _begin = tick.TimeNs;
    }

    public override void OnStopping()
    {
        if (_shares.Count > 0)
        {
            Show();
        }
    }

    private void Show()
    {
        show(new TopFlows(
            _begin ?? 0, intervalNs, _shares.Sum(share => share.Packets), _shares.Sum(share => share.WireBytes),
            _shares.Sum(share => share.FlowCount), _shares.Sum(share => share.BeyondPackets),
            [.. FlowJson.Sorted(_shares.SelectMany(share => share.Largest), FlowOrder.Bytes).Take(count).Select(FlowJson.Of)]));
        _shares.Clear();
    }
}

/// <summary>What <c>net top --json</c> prints for each interval; its names are a contract.</summary>
/// <param name="TimeNs">When it begins, in nanoseconds since 1970.</param>
/// <param name="IntervalNs">How long it is.</param>
/// <param name="Packets">All that came.</param>
/// <param name="WireBytes">How long they were.</param>
/// <param name="FlowCount">How many flows they were of.</param>
/// <param name="BeyondPackets">Packets of flows that there was no room for.</param>
/// <param name="Flows">The largest, by bytes in the interval.</param>
internal sealed record TopFlows(
    long TimeNs, long IntervalNs, long Packets, long WireBytes, int FlowCount, long BeyondPackets, IReadOnlyList<FlowJson> Flows);
