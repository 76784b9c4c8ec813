namespace RingTrace.Packets.Captures.Erf;

/// <summary>What the types of ERF records hold (Endace's ERF types reference).</summary>
internal static class ErfTypes
{
    public const int Hdlc = 1;
    public const int Ethernet = 2;
    public const int Atm = 3;
    public const int Aal5 = 4;
    public const int ManyHdlc = 5;
    public const int ManyAtm = 7;
    public const int ManyAal5 = 9;
    public const int ColourHdlc = 10;
    public const int ColourEthernet = 11;
    public const int IPCounter = 13;
    public const int TcpFlowCounter = 14;
    public const int StreamColourHdlc = 15;
    public const int StreamColourEthernet = 16;
    public const int ColourManyHdlc = 17;
    public const int ColourHashHdlc = 19;
    public const int ColourHashEthernet = 20;
    public const int InfiniBand = 21;
    public const int IPv4 = 22;
    public const int IPv6 = 23;
    public const int Meta = 27;
    public const int Highest = 29;
    public const int Padding = 48;

    /// <summary>The bits of a type byte that are the type; the highest says that an extension header follows.</summary>
    public const int Mask = 0x7F;

    /// <summary>Whether it is a type that there is.</summary>
    public static bool IsKnown(int type) => type is (> 0 and <= Highest) or Padding;

    /// <summary>Whether a record tells of the capture and holds no packet.</summary>
    public static bool IsMeta(int type) => type is Meta or Padding or IPCounter or TcpFlowCounter;

    /// <summary>Whether the header has a loss counter; the coloured types have the packet's colour in its place.</summary>
    public static bool CountsLosses(int type) => !IsMeta(type) && type is not (ColourHdlc or ColourEthernet or StreamColourHdlc
        or StreamColourEthernet or ColourManyHdlc or ColourHashHdlc or ColourHashEthernet);

    /// <summary>
    /// What a packet begins with, and how many bytes stand between the headers and that: padding, a channel's header, an ATM cell's.
    /// A type that has no link type of its own is given whole, as an ERF record.
    /// </summary>
    public static (LinkType Link, int Before) Layout(int type) => type switch
    {
        Ethernet or ColourEthernet or StreamColourEthernet or ColourHashEthernet => (LinkType.Ethernet, 2),
        Hdlc or ColourHdlc or StreamColourHdlc or ColourHashHdlc => (LinkType.PppHdlc, 0),
        ManyHdlc or ColourManyHdlc => (LinkType.PppHdlc, 4),
        Atm or Aal5 => (LinkType.AtmRfc1483, 4),
        ManyAtm or ManyAal5 => (LinkType.AtmRfc1483, 8),
        IPv4 => (LinkType.IPv4, 0),
        IPv6 => (LinkType.IPv6, 0),
        InfiniBand => (LinkType.InfiniBand, 0),
        _ => (LinkType.Erf, 0),
    };
}
