using System.Runtime.CompilerServices;

namespace RingTrace.Packets.Layers;

/// <summary>
/// Where the layers of a packet lie, down to the payload of its outermost IP packet, and the numbers that name them. Found in
/// one walk that allocates nothing and takes a bounded number of steps; what was not captured, or makes no sense, is absent.
/// </summary>
/// <remarks>Offsets are into the packet's data. A value that is absent is -1.</remarks>
public struct Dissection
{
    /// <summary>Nothing found.</summary>
    public Dissection()
    {
    }

    /// <summary>Where the link layer's own header begins, behind what the capturing system put before it; absent with raw IP.</summary>
    public int LinkOffset { readonly get; internal set; } = -1;

    /// <summary>
    /// What the network layer is, behind VLAN tags, MPLS and PPPoE. Below <see cref="EtherTypes.Least"/> it is the length of an
    /// 802.3 frame with something else than IP in it.
    /// </summary>
    public int EtherType { readonly get; internal set; } = -1;

    /// <summary>Where the network layer's header begins: what <see cref="EtherType"/> names.</summary>
    public int NetworkOffset { readonly get; internal set; } = -1;

    /// <summary>4 or 6; 0 when there is no IP, or not all of its fixed header was captured.</summary>
    public int IPVersion { readonly get; internal set; }

    /// <summary>The protocol over IP, behind IPv6's extension headers.</summary>
    public int Protocol { readonly get; internal set; } = -1;

    /// <summary>Where the transport's header begins; absent in a later fragment.</summary>
    public int TransportOffset { readonly get; internal set; } = -1;

    /// <summary>Where the payload begins: behind the last header that is known. It may be empty.</summary>
    public int PayloadOffset { readonly get; internal set; } = -1;

    /// <summary>Where the payload ends: at the end of the IP packet, without the link layer's padding, or of what was captured.</summary>
    public int End { readonly get; internal set; } = -1;

    /// <summary>The outermost VLAN's number, 0 to 4095.</summary>
    public int Vlan { readonly get; internal set; } = -1;

    /// <summary>The outermost MPLS label, 0 to 1048575.</summary>
    public int Mpls { readonly get; internal set; } = -1;

    /// <summary>Where in its datagram a fragment belongs, in bytes; absent when the packet is not a fragment.</summary>
    public int FragmentOffset { readonly get; internal set; } = -1;

    /// <summary>Whether other fragments come behind this one.</summary>
    public bool MoreFragments { readonly get; internal set; }

    /// <summary>The port of TCP, UDP, SCTP, DCCP or UDP-Lite; absent when that header is not there.</summary>
    public int SourcePort { readonly get; internal set; } = -1;

    /// <summary>The port of TCP, UDP, SCTP, DCCP or UDP-Lite; absent when that header is not there.</summary>
    public int DestinationPort { readonly get; internal set; } = -1;

    /// <summary>Walks a packet.</summary>
    /// <param name="packet">Any packet; of a meta record there is nothing to find.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Dissection Of(in Packet packet) =>
        packet.Kind == PacketKind.Packet ? Of(packet.Data, packet.LinkType) : new();

    /// <summary>Walks a packet's bytes.</summary>
    /// <param name="data">What was captured of it.</param>
    /// <param name="link">What it begins with.</param>
    public static Dissection Of(ReadOnlySpan<byte> data, LinkType link)
    {
        Dissection found = new();
        int at = LinkWalk.Enter(data, link, ref found);
        if (at >= 0)
        {
            NetworkWalk.Enter(data, at, ref found);
        }

        return found;
    }
}
