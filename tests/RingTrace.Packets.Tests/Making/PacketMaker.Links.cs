using RingTrace.Packets.Layers;

namespace RingTrace.Packets.Tests.Making;

/// <summary>Link layers, and what stands between them and IP.</summary>
public sealed partial class PacketMaker
{
    private const int NoProtocol = -1;
    private const int Ethernet1 = 1;

    private static readonly byte[] Here = [2, 0, 0, 0, 0, 1];
    private static readonly byte[] There = [2, 0, 0, 0, 0, 2];

    public PacketMaker Ethernet() => Add(LinkType.Ethernet, new(EtherTypes.EthernetBridging, 143,
        (next, inside) => [.. There, .. Here, .. U16(next.EtherType), .. inside]));

    /// <summary>Ethernet with a length, LLC and SNAP.</summary>
    public PacketMaker Ethernet8023() => Add(LinkType.Ethernet, new(EtherTypes.EthernetBridging, 143,
        (next, inside) => [.. There, .. Here, .. U16(inside.Length + 8), .. Snap(next), .. inside]));

    public PacketMaker Vlan(int id, int etherType = EtherTypes.Vlan) => Add(LinkType.Ethernet, new(etherType, NoProtocol,
        (next, inside) => [.. U16(0x6000 | id), .. U16(next.EtherType), .. inside]));

    public PacketMaker Mpls(int label) => Add(LinkType.Ethernet, new(EtherTypes.Mpls, IPProtocols.Mpls,
        (next, inside) => [.. U32(((long)label << 12) | (next.EtherType == EtherTypes.Mpls ? 0x040u : 0x140u)), .. inside]));

    /// <summary>The four zeros between labels and Ethernet.</summary>
    public PacketMaker ControlWord() => Add(LinkType.Ethernet, new(NoProtocol, NoProtocol, (_, inside) => [.. U32(0), .. inside]));

    public PacketMaker Pppoe(int session) => Add(LinkType.Ethernet, new(EtherTypes.PppoeSession, NoProtocol,
        (next, inside) => [0x11, 0, .. U16(session), .. U16(inside.Length + 2), .. U16(next.Ppp), .. inside]));

    public PacketMaker Ppp(bool framed) => Add(framed ? LinkType.PppHdlc : LinkType.Ppp, new(0x880B, NoProtocol,
        (next, inside) => [.. framed ? (byte[])[0xFF, 3] : [], .. U16(next.Ppp), .. inside]));

    /// <summary>PPP whose protocol number is one byte.</summary>
    public PacketMaker ShortPpp() => Add(LinkType.Ppp, new(0x880B, NoProtocol, (next, inside) => [(byte)next.Ppp, .. inside]));

    public PacketMaker CiscoHdlc() => Add(LinkType.CiscoHdlc, new(NoProtocol, NoProtocol,
        (next, inside) => [0x0F, 0, .. U16(next.EtherType), .. inside]));

    public PacketMaker Sll() => Add(LinkType.LinuxSll, new(NoProtocol, NoProtocol,
        (next, inside) => [.. U16(4), .. U16(Ethernet1), .. U16(6), .. Here, 0, 0, .. U16(next.EtherType), .. inside]));

    public PacketMaker Sll2() => Add(LinkType.LinuxSll2, new(NoProtocol, NoProtocol,
        (next, inside) => [.. U16(next.EtherType), 0, 0, .. U32(3), .. U16(Ethernet1), 4, 6, .. Here, 0, 0, .. inside]));

    /// <summary>Radiotap with a clock and flags, in two words of presence.</summary>
    public PacketMaker Radiotap(bool padded = false) => Add(LinkType.Ieee80211Radiotap, new(NoProtocol, NoProtocol,
        (_, inside) => [0, 0, 25, 0, 3, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, (byte)(padded ? 0x20 : 0), .. inside]));

    /// <summary>A data frame; <paramref name="relayed"/> has four addresses.</summary>
    public PacketMaker Ieee80211(bool quality = false, bool relayed = false, bool padded = false) =>
        Add(LinkType.Ieee80211, new(NoProtocol, NoProtocol, (next, inside) =>
        {
            byte[] header = [(byte)(quality ? 0x88 : 0x08), (byte)(relayed ? 3 : 1), 0, 0, .. There, .. Here, .. There, 0, 0,
                .. relayed ? Here : [], .. quality ? (byte[])[0, 0] : []];
            return [.. header, .. new byte[padded ? -header.Length & 3 : 0], .. Snap(next), .. inside];
        }));

    public PacketMaker Atm() => Add(LinkType.AtmRfc1483, new(NoProtocol, NoProtocol, (next, inside) => [.. Snap(next), .. inside]));

    public PacketMaker Null() => Add(LinkType.Null, new(NoProtocol, NoProtocol,
        (next, inside) => [(byte)(next.EtherType == EtherTypes.IPv4 ? 2 : 30), 0, 0, 0, .. inside]));

    public PacketMaker Loop() => Add(LinkType.Loop, new(NoProtocol, NoProtocol,
        (next, inside) => [0, 0, 0, (byte)(next.EtherType == EtherTypes.IPv4 ? 2 : 24), .. inside]));

    public PacketMaker Raw() => Add(LinkType.Raw, new(NoProtocol, NoProtocol, (_, inside) => inside));

    public PacketMaker Arp() => Add(LinkType.Ethernet, new(EtherTypes.Arp, NoProtocol,
        (_, _) => [.. U16(Ethernet1), .. U16(EtherTypes.IPv4), 6, 4, .. U16(1), .. Here, 192, 0, 2, 1, .. new byte[6], 192, 0, 2, 2]));

    private static byte[] Snap(Layer next) => [0xAA, 0xAA, 3, 0, 0, 0, .. U16(next.EtherType)];
}
