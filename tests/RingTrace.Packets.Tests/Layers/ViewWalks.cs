using RingTrace.Packets.Layers;
using RingTrace.Packets.Layers.Views;

namespace RingTrace.Packets.Tests.Layers;

/// <summary>Takes every view of a packet's layers, whether they fit or not, and looks at all that the view shows.</summary>
public static class ViewWalks
{
    /// <returns>A number that depends on everything, so that nothing is left out.</returns>
    public static long All(ReadOnlySpan<byte> data, in Dissection layers)
    {
        long sum = Links(data[Math.Max(layers.LinkOffset, 0)..]);
        sum += layers.NetworkOffset < 0 ? 0 : Networks(data[layers.NetworkOffset..layers.End]);
        sum += layers.TransportOffset < 0 ? 0 : Transports(data[layers.TransportOffset..layers.End]);
        return sum + (layers.PayloadOffset < 0 ? 0 : Tunnels(data[layers.PayloadOffset..layers.End]));
    }

    private static long Links(ReadOnlySpan<byte> bytes)
    {
        long sum = EthernetView.TryRead(bytes, out EthernetView ethernet)
            ? ethernet.Source[5] + ethernet.Destination[5] + ethernet.EtherType + ethernet.Payload.Length : 0;
        sum += VlanView.TryRead(bytes, out VlanView vlan)
            ? vlan.Id + vlan.Priority + (vlan.DropEligible ? 1 : 0) + vlan.EtherType + vlan.Payload.Length : 0;
        sum += MplsView.TryRead(bytes, out MplsView mpls)
            ? mpls.Label + mpls.TrafficClass + (mpls.BottomOfStack ? 1 : 0) + mpls.TimeToLive + mpls.Payload.Length : 0;
        sum += PppoeView.TryRead(bytes, out PppoeView pppoe) ? pppoe.Code + pppoe.Session + pppoe.Length + pppoe.Payload.Length : 0;
        sum += PppView.TryRead(bytes, out PppView ppp) ? ppp.Protocol + ppp.EtherType + ppp.Payload.Length : 0;
        sum += CiscoHdlcView.TryRead(bytes, out CiscoHdlcView hdlc) ? (hdlc.Broadcast ? 1 : 0) + hdlc.EtherType + hdlc.Payload.Length : 0;
        sum += SllView.TryRead(bytes, out SllView sll) ? Cooked(sll) : 0;
        sum += SllView.TryRead2(bytes, out SllView sll2) ? Cooked(sll2) : 0;
        sum += RadiotapView.TryRead(bytes, out RadiotapView radio) ? radio.Present + radio.Flags + (radio.Padded ? 1 : 0) + radio.Payload.Length : 0;
        sum += Ieee80211View.TryRead(bytes, out Ieee80211View frame)
            ? frame.Type + frame.Subtype + (frame.Aggregated ? 1 : 0) + frame.Receiver.Length + frame.Transmitter.Length + frame.Payload.Length : 0;
        sum += LlcView.TryRead(bytes, out LlcView llc) ? llc.Organisation + llc.EtherType + llc.Payload.Length : 0;
        return sum + (LoopbackView.TryRead(bytes, out LoopbackView loopback) ? loopback.Family + loopback.EtherType + loopback.Payload.Length : 0);
    }

    private static long Cooked(SllView cooked) =>
        cooked.Protocol + cooked.PacketType + cooked.DeviceType + cooked.InterfaceIndex + cooked.Source.Length + cooked.Payload.Length;

    private static long Networks(ReadOnlySpan<byte> bytes)
    {
        long sum = ArpView.TryRead(bytes, out ArpView arp)
            ? arp.HardwareType + arp.ProtocolType + arp.Operation + arp.SenderHardware.Length + arp.SenderProtocol.Length
                + arp.TargetHardware.Length + arp.TargetProtocol.Length
            : 0;
        if (IPv4View.TryRead(bytes, out IPv4View ip))
        {
            sum += ip.Identification + ip.TimeToLive + ip.Checksum + ip.Source.Version + ip.Destination.Version + ip.Payload.Length;
            sum += Count(ip.Options);
        }

        if (IPv6View.TryRead(bytes, out IPv6View ip6))
        {
            sum += ip6.TrafficClass + ip6.FlowLabel + ip6.HopLimit + ip6.Source.Version + ip6.Destination.Version + ip6.Payload.Length;
            foreach (PacketOption header in ip6.Extensions)
            {
                sum += header.Kind + header.Data.Length;
            }
        }

        return sum;
    }

    private static long Transports(ReadOnlySpan<byte> bytes)
    {
        long sum = 0;
        if (TcpView.TryRead(bytes, out TcpView tcp))
        {
            sum += tcp.SourcePort + tcp.DestinationPort + tcp.SequenceNumber + tcp.AcknowledgmentNumber + tcp.Flags + tcp.Window + tcp.Checksum
                + tcp.UrgentPointer + tcp.Payload.Length + Count(tcp.Options);
        }

        sum += UdpView.TryRead(bytes, out UdpView udp) ? udp.SourcePort + udp.DestinationPort + udp.Length + udp.Checksum + udp.Payload.Length : 0;
        sum += IcmpView.TryRead(bytes, out IcmpView icmp) ? Message(icmp) : 0;
        sum += IcmpView.TryRead6(bytes, out IcmpView icmp6) ? Message(icmp6) : 0;
        if (SctpView.TryRead(bytes, out SctpView sctp))
        {
            sum += sctp.SourcePort + sctp.DestinationPort + sctp.VerificationTag + sctp.Checksum + sctp.Payload.Length;
            foreach (PacketOption chunk in sctp.Chunks)
            {
                sum += chunk.Kind + chunk.Data.Length;
            }
        }

        return sum + (GreView.TryRead(bytes, out GreView gre)
            ? gre.Version + gre.EtherType + gre.Key + gre.SequenceNumber + gre.Payload.Length : 0);
    }

    private static long Message(IcmpView icmp) =>
        icmp.Type + icmp.Code + icmp.Checksum + icmp.Identifier + icmp.SequenceNumber + (icmp.TryReadInner(out Dissection inner) ? inner.End : 0);

    private static long Tunnels(ReadOnlySpan<byte> bytes)
    {
        long sum = VxlanView.TryRead(bytes, out VxlanView vxlan) ? vxlan.Network + vxlan.Payload.Length : 0;
        sum += GeneveView.TryRead(bytes, out GeneveView geneve)
            ? geneve.EtherType + geneve.Network + geneve.Options.Length + geneve.Payload.Length : 0;
        return sum + (GtpUView.TryRead(bytes, out GtpUView gtp)
            ? gtp.MessageType + gtp.Length + gtp.TunnelEndpoint + gtp.Payload.Length : 0);
    }

    private static long Count(PacketOptions options)
    {
        long sum = 0;
        foreach (PacketOption option in options)
        {
            sum += option.Kind + option.Data.Length;
        }

        return sum;
    }
}
