using RingTrace.Packets.Layers.Views;

namespace RingTrace.Packets.Layers;

/// <summary>From a tunnel's packet to the packet inside.</summary>
internal static class TunnelWalk
{
    public const int MostTunnels = 8;

    private const int VxlanPort = 4789;
    private const int GenevePort = 6081;
    private const int GtpUPort = 2152;
    private const int GrePpp = 0x880B;

    /// <summary>Whether a packet with ports and without fragments may be a tunnel's.</summary>
    public static bool MayCarry(in FlowKey flow) =>
        flow.Protocol == IPProtocols.Udp && flow.DestinationPort is VxlanPort or GenevePort or GtpUPort;

    /// <summary>Goes on to the innermost packet; stays where there is no tunnel.</summary>
    public static void Descend(ReadOnlySpan<byte> data, ref Dissection layers)
    {
        for (int tunnels = 0; tunnels < MostTunnels && TryEnter(data, in layers, out Dissection inner); tunnels++)
        {
            layers = inner;
        }
    }

    public static bool TryEnter(ReadOnlySpan<byte> data, in Dissection outer, out Dissection inner)
    {
        inner = new();
        if (outer.TransportOffset < 0 || outer.PayloadOffset < 0)
        {
            return false;
        }

        data = data[..outer.End];
        int at = Network(data, in outer, ref inner);
        if (at < 0)
        {
            return false;
        }

        NetworkWalk.Enter(data, at, ref inner);
        return inner.IPVersion != 0;
    }

    /// <returns>Where the network layer inside begins; -1 when there is none.</returns>
    private static int Network(ReadOnlySpan<byte> data, in Dissection outer, ref Dissection inner)
    {
        int at = outer.PayloadOffset;
        switch (outer.Protocol)
        {
            case IPProtocols.IPv4 or IPProtocols.IPv6 or IPProtocols.Mpls:
                inner.EtherType = outer.Protocol switch
                {
                    IPProtocols.IPv4 => EtherTypes.IPv4,
                    IPProtocols.IPv6 => EtherTypes.IPv6,
                    _ => EtherTypes.Mpls,
                };
                return TagWalk.Enter(data, at, ref inner);
            case IPProtocols.Gre when GreView.TryRead(data[at..], out GreView gre):
                return gre.EtherType == GrePpp
                    ? LinkWalk.Ppp(data, at + gre.HeaderLength, ref inner)
                    : ByType(data, at + gre.HeaderLength, gre.EtherType, ref inner);
            case IPProtocols.Udp when outer.DestinationPort == VxlanPort && VxlanView.TryRead(data[at..], out _):
                return LinkWalk.Ethernet(data, at + VxlanView.Bytes, ref inner);
            case IPProtocols.Udp when outer.DestinationPort == GenevePort && GeneveView.TryRead(data[at..], out GeneveView geneve):
                return ByType(data, at + geneve.HeaderLength, geneve.EtherType, ref inner);
            case IPProtocols.Udp when outer.DestinationPort == GtpUPort && GtpUView.TryRead(data[at..], out GtpUView gtp) && gtp.IsUserPacket:
                return LinkWalk.RawIP(data, at + gtp.HeaderLength, ref inner);
            default:
                return -1;
        }
    }

    private static int ByType(ReadOnlySpan<byte> data, int at, int etherType, ref Dissection inner)
    {
        if (etherType == EtherTypes.EthernetBridging)
        {
            return LinkWalk.Ethernet(data, at, ref inner);
        }

        inner.EtherType = etherType;
        return TagWalk.Enter(data, at, ref inner);
    }
}
