namespace RingTrace.Packets.Layers;

/// <summary>The protocol numbers over IP that the decoders know; a packet may have any other.</summary>
public static class IPProtocols
{
    /// <summary>IPv6's hop-by-hop options.</summary>
    public const int HopByHop = 0;

    /// <summary>ICMP.</summary>
    public const int Icmp = 1;

    /// <summary>IPv4 in IP.</summary>
    public const int IPv4 = 4;

    /// <summary>TCP.</summary>
    public const int Tcp = 6;

    /// <summary>UDP.</summary>
    public const int Udp = 17;

    /// <summary>DCCP.</summary>
    public const int Dccp = 33;

    /// <summary>IPv6 in IP.</summary>
    public const int IPv6 = 41;

    /// <summary>IPv6's routing header.</summary>
    public const int Routing = 43;

    /// <summary>IPv6's fragment header.</summary>
    public const int Fragment = 44;

    /// <summary>GRE.</summary>
    public const int Gre = 47;

    /// <summary>The encapsulating security payload: what is behind it can't be read.</summary>
    public const int Esp = 50;

    /// <summary>The authentication header.</summary>
    public const int Authentication = 51;

    /// <summary>ICMPv6.</summary>
    public const int IcmpV6 = 58;

    /// <summary>IPv6's word for nothing behind.</summary>
    public const int NoNext = 59;

    /// <summary>IPv6's destination options.</summary>
    public const int DestinationOptions = 60;

    /// <summary>SCTP.</summary>
    public const int Sctp = 132;

    /// <summary>UDP-Lite.</summary>
    public const int UdpLite = 136;

    /// <summary>MPLS in IP.</summary>
    public const int Mpls = 137;
}
