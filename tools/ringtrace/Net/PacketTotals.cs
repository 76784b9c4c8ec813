using RingTrace.Formats;
using RingTrace.Packets;
using RingTrace.Pipeline;

namespace RingTrace.Tool.Net;

/// <summary>How many packets there are, and how many bytes they have. For one thread.</summary>
internal sealed class PacketTotals
{
    public long Packets { get; private set; }

    /// <summary>What says something about a capture.</summary>
    public long MetaRecords { get; private set; }

    public long CapturedBytes { get; private set; }

    public long WireBytes { get; private set; }

    public void Add(in Packet packet)
    {
        if (packet.Kind == PacketKind.Meta)
        {
            MetaRecords++;
            return;
        }

        Packets++;
        CapturedBytes += packet.CapturedLength;
        WireBytes += packet.WireLength;
    }

    /// <summary>An event counts as a packet.</summary>
    public void Add(in EventView item)
    {
        Packets++;
        CapturedBytes += item.Size;
        WireBytes += item.Size;
    }

    public void Add(PacketTotals part)
    {
        Packets += part.Packets;
        MetaRecords += part.MetaRecords;
        CapturedBytes += part.CapturedBytes;
        WireBytes += part.WireBytes;
    }
}

/// <summary>One thread's share of a count, published at the end.</summary>
internal sealed class CountingProcessor : PacketProcessor<PacketTotals>
{
    private readonly PacketTotals _totals = new();

    /// <summary>Adds up all shares.</summary>
    public static ResultHandler<PacketTotals> Into(PacketTotals totals) => (in Result<PacketTotals> result) => totals.Add(result.Value);

    public override void OnPacket(in Packet packet) => _totals.Add(in packet);

    public override void OnEvent(in EventView item) => _totals.Add(in item);

    public override void OnMeta(in Packet packet) => _totals.Add(in packet);

    public override void OnStopping() => Context.Publish(_totals);
}
