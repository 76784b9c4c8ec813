using System.Text;
using RingTrace.Packets;
using RingTrace.Packets.Layers;
using RingTrace.Packets.Layers.Views;

namespace RingTrace.Tool.Net.Dump;

/// <summary>What a packet is about, in a few words.</summary>
internal static class PacketDetails
{
    private const int IPv4Bytes = 4;

    /// <summary>TCP's flags from the lowest bit on, as tcpdump writes them.</summary>
    private static ReadOnlySpan<byte> FlagLetters => "FSRP.UEW"u8;

    /// <summary>TCP's flags as letters.</summary>
    public static string FlagsOf(int flags)
    {
        string letters = Encoding.ASCII.GetString(FlagLetters);
        return string.Concat(letters.Where((_, bit) => (flags & (1 << bit)) != 0));
    }

    /// <summary>The protocol over IP, and where a fragment belongs.</summary>
    public static void OverIP(Utf8Text output, in Packet packet, in Dissection layers)
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

        if (layers.TransportOffset >= 0)
        {
            OfTransport(output, packet.Data[layers.TransportOffset..], layers.Protocol);
        }

        if (layers.PayloadOffset >= 0 && packet.CapturedLength >= packet.WireLength)
        {
            Labelled(output, " payload "u8, layers.End - layers.PayloadOffset);
        }
    }

    /// <summary>What the network layer is, as far as anything says it.</summary>
    public static void WithoutIP(Utf8Text output, in Packet packet, in Dissection layers)
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

                OfArp(output, packet.Data, layers);
                break;
        }
    }

    private static void OfTransport(Utf8Text output, ReadOnlySpan<byte> bytes, int protocol)
    {
        if (protocol == IPProtocols.Tcp && TcpView.TryRead(bytes, out TcpView tcp))
        {
            output.Add(" ["u8);
            for (int bit = 0; bit < FlagLetters.Length; bit++)
            {
                if ((tcp.Flags & (1 << bit)) != 0)
                {
                    output.Add(FlagLetters.Slice(bit, 1));
                }
            }

            Labelled(output, "] seq "u8, tcp.SequenceNumber);
            Labelled(output, " ack "u8, tcp.AcknowledgmentNumber);
            Labelled(output, " win "u8, tcp.Window);
        }
        else if (protocol is IPProtocols.Icmp or IPProtocols.IcmpV6 && IcmpView.TryRead(bytes, out IcmpView icmp))
        {
            Labelled(output, " type "u8, icmp.Type);
            Labelled(output, " code "u8, icmp.Code);
        }
    }

    /// <summary>Who asks whom.</summary>
    private static void OfArp(Utf8Text output, ReadOnlySpan<byte> data, in Dissection layers)
    {
        if (layers.EtherType != EtherTypes.Arp || layers.NetworkOffset < 0 || !ArpView.TryRead(data[layers.NetworkOffset..], out ArpView arp)
            || arp.SenderProtocol.Length != IPv4Bytes || arp.TargetProtocol.Length != IPv4Bytes)
        {
            return;
        }

        ReadOnlySpan<byte> what = arp.Operation switch { 1 => " who has "u8, 2 => " answer to "u8, _ => " about "u8 };
        Labelled(output, what, PacketAddress.FromIPv4(arp.TargetProtocol));
        Labelled(output, " from "u8, PacketAddress.FromIPv4(arp.SenderProtocol));
    }

    private static void Labelled<T>(Utf8Text output, ReadOnlySpan<byte> label, T value) where T : IUtf8SpanFormattable
    {
        output.Add(label);
        output.Add(value);
    }
}
