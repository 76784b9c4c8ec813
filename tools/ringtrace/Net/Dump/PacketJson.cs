using System.Text;
using System.Text.Json;
using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Packets.Layers;

namespace RingTrace.Tool.Net.Dump;

/// <summary>
/// Packets as JSON, one object a line; what a packet does not have is absent. The names are a contract. Nothing but addresses is
/// text, so nothing needs to be escaped.
/// </summary>
internal sealed class PacketJson(Utf8Text output) : IPacketWriter
{
    /// <summary>The end of each line.</summary>
    private byte[] _end = "}\n"u8.ToArray();

    public void Begin(string file) => _end = Encoding.UTF8.GetBytes($",\"file\":\"{JsonEncodedText.Encode(file)}\"}}\n");

    public void Write(in Packet packet)
    {
        ReadOnlySpan<byte> data = packet.Data;
        Dissection layers = Dissection.Of(data, packet.LinkType);
        output.Add("{\"n\":"u8);
        output.Add(packet.Number);
        Member(",\"time_ns\":"u8, packet.TimeNs);
        Member(",\"caplen\":"u8, packet.CapturedLength);
        Member(",\"wirelen\":"u8, packet.WireLength);
        Member(",\"linktype\":"u8, (int)packet.LinkType);
        MemberIfAny(",\"ethertype\":"u8, layers.EtherType);
        MemberIfAny(",\"proto\":"u8, layers.Protocol);
        if (FlowKey.TryGet(data, layers, out FlowKey flow))
        {
            Member(",\"src\":\""u8, flow.Source);
            output.Add("\""u8);
            MemberIfAny(",\"sport\":"u8, layers.SourcePort);
            Member(",\"dst\":\""u8, flow.Destination);
            output.Add("\""u8);
            MemberIfAny(",\"dport\":"u8, layers.DestinationPort);
        }

        MemberIfAny(",\"vlan\":"u8, layers.Vlan);
        MemberIfAny(",\"mpls\":"u8, layers.Mpls);
        MemberIfAny(",\"fragoff\":"u8, layers.FragmentOffset);
        output.Add(_end);
    }

    public void WriteMeta(in Packet meta, CaptureFormat format)
    {
        output.Add("{\"meta\":true,\"type\":\""u8);
        output.Add(MetaTypes.NameOf(meta.Record, format));
        Member("\",\"length\":"u8, meta.Record.Length);
        if (meta.TimeNs != 0)
        {
            Member(",\"time_ns\":"u8, meta.TimeNs);
        }

        output.Add(_end);
    }

    private void MemberIfAny(ReadOnlySpan<byte> name, int value)
    {
        if (value >= 0)
        {
            Member(name, value);
        }
    }

    private void Member<T>(ReadOnlySpan<byte> name, T value) where T : IUtf8SpanFormattable
    {
        output.Add(name);
        output.Add(value);
    }
}
