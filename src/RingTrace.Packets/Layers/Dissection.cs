using System.Runtime.CompilerServices;

namespace RingTrace.Packets.Layers;

/// <summary>
/// Where the layers of a packet lie, down to the payload of its outermost IP packet, and the numbers that name them. Found in
/// one walk that allocates nothing and takes a bounded number of steps; what was not captured, or makes no sense, is absent.
/// </summary>
/// <remarks>Offsets are into the packet's data. A value that is absent is -1.</remarks>
public struct Dissection
{
    // Each is kept one higher: then all bytes zero is a walk that found nothing, and that is quickly made.
    private int _linkOffset;
    private int _etherType;
    private int _networkOffset;
    private int _protocol;
    private int _transportOffset;
    private int _payloadOffset;
    private int _end;
    private int _vlan;
    private int _mpls;
    private int _fragmentOffset;
    private int _sourcePort;
    private int _destinationPort;

    /// <summary>Where the link layer's own header begins, behind what the capturing system put before it; absent with raw IP.</summary>
    public int LinkOffset
    {
        readonly get => _linkOffset - 1;
        internal set => _linkOffset = value + 1;
    }

    /// <summary>What begins there; what the packet begins with when there is no such header.</summary>
    public LinkType LinkType { readonly get; internal set; }

    /// <summary>
    /// What the network layer is, behind VLAN tags, MPLS and PPPoE. Below <see cref="EtherTypes.Least"/> it is the length of an
    /// 802.3 frame with something else than IP in it.
    /// </summary>
    public int EtherType
    {
        readonly get => _etherType - 1;
        internal set => _etherType = value + 1;
    }

    /// <summary>Where the network layer's header begins: what <see cref="EtherType"/> names.</summary>
    public int NetworkOffset
    {
        readonly get => _networkOffset - 1;
        internal set => _networkOffset = value + 1;
    }

    /// <summary>4 or 6; 0 when there is no IP, or not all of its fixed header was captured.</summary>
    public int IPVersion { readonly get; internal set; }

    /// <summary>The protocol over IP, behind IPv6's extension headers.</summary>
    public int Protocol
    {
        readonly get => _protocol - 1;
        internal set => _protocol = value + 1;
    }

    /// <summary>Where the transport's header begins; absent in a later fragment.</summary>
    public int TransportOffset
    {
        readonly get => _transportOffset - 1;
        internal set => _transportOffset = value + 1;
    }

    /// <summary>Where the payload begins: behind the last header that is known. It may be empty.</summary>
    public int PayloadOffset
    {
        readonly get => _payloadOffset - 1;
        internal set => _payloadOffset = value + 1;
    }

    /// <summary>Where the payload ends: at the end of the IP packet, without the link layer's padding, or of what was captured.</summary>
    public int End
    {
        readonly get => _end - 1;
        internal set => _end = value + 1;
    }

    /// <summary>The outermost VLAN's number, 0 to 4095.</summary>
    public int Vlan
    {
        readonly get => _vlan - 1;
        internal set => _vlan = value + 1;
    }

    /// <summary>The outermost MPLS label, 0 to 1048575.</summary>
    public int Mpls
    {
        readonly get => _mpls - 1;
        internal set => _mpls = value + 1;
    }

    /// <summary>Where in its datagram a fragment belongs, in bytes; absent when the packet is not a fragment.</summary>
    public int FragmentOffset
    {
        readonly get => _fragmentOffset - 1;
        internal set => _fragmentOffset = value + 1;
    }

    /// <summary>Whether other fragments come behind this one.</summary>
    public bool MoreFragments { readonly get; internal set; }

    /// <summary>The port of TCP, UDP, SCTP, DCCP or UDP-Lite; absent when that header is not there.</summary>
    public int SourcePort
    {
        readonly get => _sourcePort - 1;
        internal set => _sourcePort = value + 1;
    }

    /// <summary>The port of TCP, UDP, SCTP, DCCP or UDP-Lite; absent when that header is not there.</summary>
    public int DestinationPort
    {
        readonly get => _destinationPort - 1;
        internal set => _destinationPort = value + 1;
    }

    /// <summary>Walks a packet.</summary>
    /// <param name="packet">Any packet; of a meta record there is nothing to find.</param>
    public static Dissection Of(in Packet packet)
    {
        Walk(in packet, out Dissection found);
        return found;
    }

    /// <summary>Walks a packet's bytes.</summary>
    /// <param name="data">What was captured of it.</param>
    /// <param name="link">What it begins with.</param>
    public static Dissection Of(ReadOnlySpan<byte> data, LinkType link)
    {
        Walk(data, link, out Dissection found);
        return found;
    }

    /// <summary>Walks a packet: the form that copies nothing.</summary>
    /// <param name="packet">Any packet; of a meta record there is nothing to find.</param>
    /// <param name="found">Its layers.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Walk(in Packet packet, out Dissection found) =>
        Walk(packet.Kind == PacketKind.Packet ? packet.OnWire() : default, packet.LinkType, out found);

    /// <summary>Walks a packet's bytes: the form that copies nothing.</summary>
    /// <param name="data">What was captured of it.</param>
    /// <param name="link">What it begins with.</param>
    /// <param name="found">Its layers.</param>
    public static void Walk(ReadOnlySpan<byte> data, LinkType link, out Dissection found)
    {
        found = default;
        found.LinkType = link;
        int at = LinkWalk.Enter(data, link, ref found);
        if (at >= 0)
        {
            NetworkWalk.Enter(data, at, ref found);
        }
    }

    /// <summary>Looks into the tunnel that the packet is of: IP in IP, GRE, MPLS in IP, VXLAN, Geneve, GTP-U.</summary>
    /// <param name="data">The data that this walk was over.</param>
    /// <param name="inner">The layers inside; offsets into the same data.</param>
    /// <returns>False when there is no tunnel that is known, or too little of the packet inside was captured.</returns>
    public readonly bool TryEnterTunnel(ReadOnlySpan<byte> data, out Dissection inner) => TunnelWalk.TryEnter(data, in this, out inner);

    /// <summary>Looks into one tunnel after the other, at most eight.</summary>
    /// <param name="data">The data that this walk was over.</param>
    /// <returns>The innermost packet's layers; this one's own when there is no tunnel.</returns>
    public readonly Dissection Innermost(ReadOnlySpan<byte> data)
    {
        Dissection layers = this;
        TunnelWalk.Descend(data, ref layers);
        return layers;
    }
}
