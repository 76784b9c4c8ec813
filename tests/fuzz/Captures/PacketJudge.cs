using RingTrace.Packets;
using RingTrace.Packets.Blocks;
using RingTrace.Packets.Layers;
using RingTrace.Packets.Layers.Checksums;
using RingTrace.Packets.Tests.Layers;

namespace RingTrace.Fuzz;

/// <summary>Decodes a damaged packet, whole and cut at each length, in every way there is.</summary>
internal static class PacketJudge
{
    /// <summary>The longest cut; headers are before it.</summary>
    private const int MostCuts = 160;

    public static Outcome Read(byte[] data, LinkType link)
    {
        Block block = Block.Of(data);
        Dissection whole = WalkAt(block, data.Length, link);
        for (int length = Math.Min(data.Length, MostCuts) - 1; length >= 0; length--)
        {
            DemandNoOther(in whole, WalkAt(block, length, link));
        }

        Mend(data, in whole);
        Dissection inner = whole.Innermost(data);
        Mend(data, in inner);
        return whole.TransportOffset >= 0 ? Outcome.Whole : whole.NetworkOffset >= 0 ? Outcome.Partial : Outcome.Refused;
    }

    /// <summary>Looks at all of a packet's layers.</summary>
    public static Dissection Look(in Packet packet)
    {
        // The first time may cost what is made once.
        long before = GC.GetAllocatedBytesForCurrentThread();
        Dissection layers = Walk(packet);
        if (GC.GetAllocatedBytesForCurrentThread() != before)
        {
            before = GC.GetAllocatedBytesForCurrentThread();
            layers = Walk(packet);
            Must(GC.GetAllocatedBytesForCurrentThread() == before, "decoding allocates");
        }

        return layers;
    }

    private static Dissection WalkAt(Block block, int length, LinkType link)
    {
        PacketRecord record = new()
        {
            RecordLength = block.Bytes.Length,
            CapturedLength = length,
            WireLength = (uint)block.Bytes.Length,
            LinkType = link,
            Number = 1,
        };
        return Look(new Packet(block, in record));
    }

    private static Dissection Walk(in Packet packet)
    {
        ReadOnlySpan<byte> data = packet.Data;
        Dissection layers = Dissection.Of(in packet);
        DemandInside(in layers, data.Length);
        Dissection inner = layers.Innermost(data);
        DemandInside(in inner, data.Length);
        Must(FlowKey.TryGet(in packet, out FlowKey quick) == FlowKey.TryGet(data, in layers, out FlowKey key) && quick == key, "the short way to a key is another's");
        Must(FlowKey.TryGetInnermost(in packet, out FlowKey innermost) == FlowKey.TryGet(data, in inner, out FlowKey walked) && innermost == walked,
            "the innermost key is another's");
        Must(key.Reversed.Reversed == key && key.GetHashCode() == quick.GetHashCode(), "a key that is not itself");
        Span<byte> text = stackalloc byte[PacketAddress.MostTextLength];
        Must(key.Source.TryFormat(text, out _) && innermost.Destination.TryFormat(text, out _), "an address that is longer than any");
        ViewWalks.All(data, in layers);
        ViewWalks.All(data, in inner);
        int lengths = packet.Layer2(out _).Length + packet.Layer3(out _).Length + packet.Transport(out _).Length + packet.Payload().Length;
        Must(lengths <= 4 * data.Length, "layers that are longer than the packet");
        PacketChecksums.VerifyNetwork(data, in layers);
        PacketChecksums.VerifyTransport(data, in layers);
        PacketChecksums.VerifyNetwork(data, in inner);
        PacketChecksums.VerifyTransport(data, in inner);
        return layers;
    }

    private static void DemandInside(in Dissection layers, int length)
    {
        Must(layers.LinkOffset <= length && layers.NetworkOffset < Math.Max(length, 1) && layers.End <= length, "a layer outside of the packet");
        Must(layers.TransportOffset < 0 || (layers.NetworkOffset < layers.TransportOffset && layers.TransportOffset < layers.End), "a transport that is nowhere");
        Must(layers.PayloadOffset <= layers.End && (layers.PayloadOffset < 0 || layers.PayloadOffset >= layers.NetworkOffset), "a payload that is nowhere");
    }

    /// <summary>A packet that was cut says what the whole one says, or nothing; its EtherType may be that of a tag that is cut.</summary>
    private static void DemandNoOther(in Dissection whole, in Dissection cut)
    {
        DemandSame("protocol", whole.Protocol, cut.Protocol);
        DemandSame("transport", whole.TransportOffset, cut.TransportOffset);
        DemandSame("VLAN", whole.Vlan, cut.Vlan);
        DemandSame("MPLS label", whole.Mpls, cut.Mpls);
        DemandSame("fragment", whole.FragmentOffset, cut.FragmentOffset);
        DemandSame("source port", whole.SourcePort, cut.SourcePort);
        DemandSame("destination port", whole.DestinationPort, cut.DestinationPort);
        Must(cut.IPVersion == 0 || cut.IPVersion == whole.IPVersion, "a packet that is cut is of another version of IP");
    }

    private static void DemandSame(string what, int whole, int cut)
    {
        if (cut != -1 && cut != whole)
        {
            throw new ViolationException($"of a packet that is cut the {what} is {cut}, of the whole one {whole}");
        }
    }

    private static void Mend(byte[] data, in Dissection layers)
    {
        byte[] mended = [.. data];
        DemandMended(PacketChecksums.MendNetwork(mended, in layers), data, mended, PacketChecksums.VerifyNetwork(mended, in layers), sizeof(ushort));
        byte[] before = [.. mended];
        DemandMended(PacketChecksums.MendTransport(mended, in layers), before, mended, PacketChecksums.VerifyTransport(mended, in layers), sizeof(uint));
    }

    private static void DemandMended(bool isMended, byte[] before, byte[] after, ChecksumState state, int most)
    {
        Must(!isMended || state == ChecksumState.Right, "a checksum that was put right is not");
        Must(before.Zip(after).Count(pair => pair.First != pair.Second) <= (isMended ? most : 0), "more than the checksum was changed");
    }

    private static void Must(bool holds, string otherwise) => ViolationException.Unless(holds, otherwise);
}
