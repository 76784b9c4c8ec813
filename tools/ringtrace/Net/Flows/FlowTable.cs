using RingTrace.Packets;
using RingTrace.Packets.Layers;
using RingTrace.Pipeline.Hashing;

namespace RingTrace.Tool.Net.Flows;

/// <summary>
/// Flows by their 5-tuples, at most so many: packets of flows that are met later are counted, and no more. For one thread; tables of
/// different flows can be put together.
/// </summary>
internal sealed class FlowTable(int most)
{
    private const ulong Golden = 0x9E37_79B9_7F4A_7C15;

    private readonly Dictionary<FlowKey, Flow> _flows = [];

    public IReadOnlyCollection<Flow> Flows => _flows.Values;

    /// <summary>All of them, those without a flow too.</summary>
    public PacketTotals Totals { get; } = new();

    /// <summary>Packets of no IP protocol.</summary>
    public long OtherPackets { get; private set; }

    /// <summary>Packets of flows that there was no room for.</summary>
    public long BeyondPackets { get; private set; }

    public long BeyondBytes { get; private set; }

    /// <summary>
    /// Brings what is one flow here to one thread. By the table's own keys: a hasher of flows has fragments follow their datagrams, and here those
    /// behind the first are a flow of their own, whichever datagrams they are of.
    /// </summary>
    public static Hasher NewHasher() => Hasher.Custom(static (in Packet packet) =>
        FlowKey.TryGet(in packet, out FlowKey key)
            ? (uint)((HashOf(key.Source, key.SourcePort) + HashOf(key.Destination, key.DestinationPort)) * Golden >> 32) : 0);

    /// <summary>The same in every run, which a hash code is not: it decides which flows are left out where there is no room for all.</summary>
    private static ulong HashOf(PacketAddress address, int port)
    {
        ulong hash = ((((address.Upper * Golden) ^ address.Lower) * Golden) + (uint)port) * Golden;
        return hash ^ (hash >> 29);
    }

    /// <summary>How many flows each of some threads may keep, so that all of them together keep no more than they may.</summary>
    public static int ShareOf(int most, int thread, int threads) => (most / threads) + (thread < most % threads ? 1 : 0);

    /// <param name="packet">A packet.</param>
    /// <param name="order">Its place among all.</param>
    public void Add(in Packet packet, long order)
    {
        Totals.Add(in packet);
        Dissection.Walk(in packet, out Dissection layers);
        if (!FlowKey.TryGet(packet.Data, in layers, out FlowKey key))
        {
            OtherPackets++;
        }
        else if (_flows.TryGetValue(key, out Flow? flow))
        {
            flow.Add(in packet, in layers, isBack: false);
        }
        else if (_flows.TryGetValue(key.Reversed, out flow))
        {
            flow.Add(in packet, in layers, isBack: true);
        }
        else if (_flows.Count < most)
        {
            flow = new Flow(key, order);
            _flows.Add(key, flow);
            flow.Add(in packet, in layers, isBack: false);
        }
        else
        {
            BeyondPackets++;
            BeyondBytes += packet.WireLength;
        }
    }

    /// <summary>Takes what another table holds.</summary>
    public void Add(FlowTable other)
    {
        Totals.Add(other.Totals);
        OtherPackets += other.OtherPackets;
        BeyondPackets += other.BeyondPackets;
        BeyondBytes += other.BeyondBytes;
        foreach (Flow flow in other.Flows)
        {
            _flows.Add(flow.Key, flow);
        }
    }
}
