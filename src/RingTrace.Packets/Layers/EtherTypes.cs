namespace RingTrace.Packets.Layers;

/// <summary>The EtherTypes that the decoders know; a packet may have any other.</summary>
public static class EtherTypes
{
    /// <summary>Below this the field is not a type but the length of an 802.3 frame.</summary>
    public const int Least = 0x0600;

    /// <summary>IPv4.</summary>
    public const int IPv4 = 0x0800;

    /// <summary>ARP.</summary>
    public const int Arp = 0x0806;

    /// <summary>Ethernet inside of GRE or Geneve.</summary>
    public const int EthernetBridging = 0x6558;

    /// <summary>An 802.1Q tag.</summary>
    public const int Vlan = 0x8100;

    /// <summary>IPv6.</summary>
    public const int IPv6 = 0x86DD;

    /// <summary>MPLS.</summary>
    public const int Mpls = 0x8847;

    /// <summary>MPLS, multicast.</summary>
    public const int MplsMulticast = 0x8848;

    /// <summary>PPPoE, discovery.</summary>
    public const int PppoeDiscovery = 0x8863;

    /// <summary>PPPoE, a session's packets.</summary>
    public const int PppoeSession = 0x8864;

    /// <summary>An 802.1ad tag: the provider's, before the customer's.</summary>
    public const int ServiceVlan = 0x88A8;

    /// <summary>The same as some switches marked it before 802.1ad.</summary>
    public const int OldServiceVlan = 0x9100;
}
