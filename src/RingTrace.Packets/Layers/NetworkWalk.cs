using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace RingTrace.Packets.Layers;

/// <summary>From the network layer's first byte to the payload.</summary>
internal static class NetworkWalk
{
    public const int IPv4Bytes = 20;
    public const int IPv6Bytes = 40;

    private const int PortBytes = 4;

    /// <summary>So many extension headers are gone by; each kind stands once in a packet, destination options twice.</summary>
    private const int MostExtensions = 16;

    public static void Enter(ReadOnlySpan<byte> data, int at, ref Dissection found)
    {
        if (at >= data.Length)
        {
            return;
        }

        found.NetworkOffset = at;
        found.PayloadOffset = at;
        found.End = data.Length;
        switch (found.EtherType)
        {
            case EtherTypes.IPv4:
                IPv4(data, at, ref found);
                break;
            case EtherTypes.IPv6:
                IPv6(data, at, ref found);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void IPv4(ReadOnlySpan<byte> data, int at, ref Dissection found)
    {
        if (data.Length - at < IPv4Bytes)
        {
            return;
        }

        ReadOnlySpan<byte> header = data.Slice(at, IPv4Bytes);
        int length = (header[0] & 0xF) * 4;
        if (header[0] >> 4 != 4 || length < IPv4Bytes)
        {
            return;
        }

        found.IPVersion = 4;
        found.Protocol = header[9];

        // 0 is what a card that cuts segments itself leaves for the capture to see.
        int total = BinaryPrimitives.ReadUInt16BigEndian(header[2..]);
        found.End = total == 0 ? data.Length : Math.Min(data.Length, at + total);
        int fragment = BinaryPrimitives.ReadUInt16BigEndian(header[6..]);
        if ((fragment & 0x3FFF) != 0)
        {
            found.FragmentOffset = (fragment & 0x1FFF) * 8;
            found.MoreFragments = (fragment & 0x2000) != 0;
        }

        Transport(data, at + length, ref found);
    }

    private static void IPv6(ReadOnlySpan<byte> data, int at, ref Dissection found)
    {
        if (data.Length - at < IPv6Bytes)
        {
            return;
        }

        ReadOnlySpan<byte> header = data.Slice(at, IPv6Bytes);
        if (header[0] >> 4 != 6)
        {
            return;
        }

        found.IPVersion = 6;

        // 0 is a jumbogram, or left by a card that cuts segments itself.
        int length = BinaryPrimitives.ReadUInt16BigEndian(header[4..]);
        found.End = length == 0 ? data.Length : Math.Min(data.Length, at + IPv6Bytes + length);
        int next = header[6];
        at += IPv6Bytes;
        if (next is IPProtocols.Tcp or IPProtocols.Udp)
        {
            found.Protocol = next;
            Transport(data, at, ref found);
            return;
        }

        Extensions(data, at, next, ref found);
    }

    private static void Extensions(ReadOnlySpan<byte> data, int at, int next, ref Dissection found)
    {
        for (int headers = 0; headers < MostExtensions; headers++)
        {
            if (next is not (IPProtocols.HopByHop or IPProtocols.Routing or IPProtocols.Fragment
                    or IPProtocols.Authentication or IPProtocols.DestinationOptions)
                || found.FragmentOffset > 0)
            {
                found.Protocol = next;
                Transport(data, at, ref found);
                return;
            }

            if (found.End - at < 8)
            {
                return;
            }

            ReadOnlySpan<byte> header = data.Slice(at, 8);
            int length = 8;
            switch (next)
            {
                case IPProtocols.Fragment:
                    int fragment = BinaryPrimitives.ReadUInt16BigEndian(header[2..]);
                    found.FragmentOffset = fragment & 0xFFF8;
                    found.MoreFragments = (fragment & 1) != 0;
                    break;
                case IPProtocols.Authentication:
                    length = (header[1] + 2) * 4;
                    break;
                default:
                    length = (header[1] + 1) * 8;
                    break;
            }

            next = header[0];
            at += length;
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
        if (found.Protocol is not (IPProtocols.Tcp or IPProtocols.Udp or IPProtocols.Sctp or IPProtocols.Dccp or IPProtocols.UdpLite))
        {
            return;
        }

        int there = found.End - at;
        if (there >= PortBytes)
        {
            ReadOnlySpan<byte> ports = data.Slice(at, PortBytes);
            found.SourcePort = BinaryPrimitives.ReadUInt16BigEndian(ports);
            found.DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(ports[2..]);
        }

        int header = found.Protocol switch
        {
            IPProtocols.Tcp => there >= 20 ? (data[at + 12] >> 4) * 4 : int.MaxValue,
            IPProtocols.Dccp => there >= 12 ? data[at + 4] * 4 : int.MaxValue,
            IPProtocols.Sctp => 12,
            _ => 8,
        };
        found.PayloadOffset = header <= there ? at + header : -1;
    }
}
