using System.Runtime.CompilerServices;
using RingTrace.Packets.Layers.Views;

namespace RingTrace.Packets.Layers;

/// <summary>From the network layer's first byte to the payload.</summary>
internal static class NetworkWalk
{
    private const int PortBytes = 4;
    private const int DccpLeastBytes = 12;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Enter(ReadOnlySpan<byte> data, int at, ref Dissection found)
    {
        if (at >= data.Length)
        {
            return;
        }

        (found.NetworkOffset, found.PayloadOffset, found.End) = (at, at, data.Length);
        if (found.EtherType == EtherTypes.IPv4)
        {
            IPv4(data, at, ref found);
        }
        else if (found.EtherType == EtherTypes.IPv6)
        {
            IPv6(data, at, ref found);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void IPv4(ReadOnlySpan<byte> data, int at, ref Dissection found)
    {
        IPv4View ip = new(data[at..]);
        if (!ip.IsWhole)
        {
            return;
        }

        (found.IPVersion, found.Protocol) = (4, ip.Protocol);
        found.End = EndOf(data, at, ip.TotalLength);
        if (ip.MoreFragments || ip.FragmentOffset > 0)
        {
            (found.FragmentOffset, found.MoreFragments) = (ip.FragmentOffset, ip.MoreFragments);
        }

        Transport(data, at + ip.HeaderLength, ref found);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void IPv6(ReadOnlySpan<byte> data, int at, ref Dissection found)
    {
        IPv6View ip = new(data[at..]);
        if (!ip.IsWhole)
        {
            return;
        }

        (found.IPVersion, found.Protocol) = (6, ip.NextHeader);
        found.End = EndOf(data, at, ip.PayloadLength == 0 ? 0 : IPv6View.Bytes + ip.PayloadLength);
        if (found.Protocol is IPProtocols.Tcp or IPProtocols.Udp)
        {
            Transport(data, at + IPv6View.Bytes, ref found);
        }
        else
        {
            BehindExtensions(data, at + IPv6View.Bytes, ip.Extensions, ref found);
        }
    }

    /// <summary>A length of 0 is a jumbogram, or what a card that cuts segments itself leaves for the capture to see.</summary>
    private static int EndOf(ReadOnlySpan<byte> data, int at, int length) => length == 0 ? data.Length : Math.Min(data.Length, at + length);

    private static void BehindExtensions(ReadOnlySpan<byte> data, int at, IPv6Extensions extensions, ref Dissection found)
    {
        while (extensions.MoveNext())
        {
        }

        (found.FragmentOffset, found.MoreFragments) = (extensions.FragmentOffset, extensions.MoreFragments);
        if (extensions.IsComplete)
        {
            found.Protocol = extensions.Protocol;
            Transport(data, at + extensions.Length, ref found);
        }
        else
        {
            (found.Protocol, found.PayloadOffset) = (-1, -1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transport(ReadOnlySpan<byte> data, int at, ref Dissection found)
    {
        found.PayloadOffset = at <= found.End ? at : -1;
        if (at >= found.End || found.FragmentOffset > 0)
        {
            return;
        }

        found.TransportOffset = at;
        ReadOnlySpan<byte> rest = data[at..found.End];
        int header = HeaderLength(found.Protocol, rest, out bool hasPorts);
        if (hasPorts && rest.Length >= PortBytes)
        {
            found.SourcePort = rest.UInt16At(0);
            found.DestinationPort = rest.UInt16At(2);
        }

        found.PayloadOffset = header <= rest.Length ? at + header : -1;
    }

    /// <summary>How long the transport's header is; 0 when it is not known, more than any packet when that can't be seen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int HeaderLength(int protocol, ReadOnlySpan<byte> rest, out bool hasPorts)
    {
        hasPorts = true;
        switch (protocol)
        {
            case IPProtocols.Tcp:
                int length = rest.Length >= TcpView.LeastBytes ? (rest[12] >> 4) * 4 : 0;
                return length >= TcpView.LeastBytes ? length : int.MaxValue;
            case IPProtocols.Udp or IPProtocols.UdpLite:
                return UdpView.Bytes;
            case IPProtocols.Sctp:
                return SctpView.Bytes;
            case IPProtocols.Dccp:
                return rest.Length >= DccpLeastBytes && rest[4] * 4 >= DccpLeastBytes ? rest[4] * 4 : int.MaxValue;
            default:
                hasPorts = false;
                return protocol is IPProtocols.Icmp or IPProtocols.IcmpV6 ? IcmpView.Bytes : 0;
        }
    }
}
