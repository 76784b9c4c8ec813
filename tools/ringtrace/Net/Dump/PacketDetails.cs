using RingTrace.Packets;
using RingTrace.Packets.Layers;

namespace RingTrace.Tool.Net.Dump;

/// <summary>What a packet is about, in a few words.</summary>
internal static class PacketDetails
{
    /// <summary>The protocol over IP, and where a fragment belongs.</summary>
    public static void OverIP(Utf8Output output, in Packet packet, in Dissection layers)
    {
        ReadOnlySpan<byte> name = ProtocolNames.OverIP(layers.Protocol);
        output.Add(name.IsEmpty ? "protocol "u8 : name);
        if (name.IsEmpty)
        {
            output.Add(layers.Protocol);
        }

        if (layers.FragmentOffset >= 0)
        {
            output.Add(layers.MoreFragments ? " fragment at "u8 : " last fragment, at "u8);
            output.Add(layers.FragmentOffset);
        }

        if (layers.PayloadOffset >= 0 && packet.CapturedLength >= packet.WireLength)
        {
            output.Add(" payload "u8);
            output.Add(layers.End - layers.PayloadOffset);
        }
    }

    /// <summary>What the network layer is, as far as anything says it.</summary>
    public static void WithoutIP(Utf8Output output, in Packet packet, in Dissection layers)
    {
        switch (layers.EtherType)
        {
            case < 0:
                output.Add("link type "u8);
                output.Add((int)packet.LinkType);
                break;
            case < EtherTypes.Least:
                output.Add("802.3"u8);
                break;
            default:
                ReadOnlySpan<byte> name = ProtocolNames.OfEtherType(layers.EtherType);
                output.Add(name.IsEmpty ? "ethertype 0x"u8 : name);
                if (name.IsEmpty)
                {
                    output.Add(layers.EtherType, "x4");
                }

                break;
        }
    }
}
