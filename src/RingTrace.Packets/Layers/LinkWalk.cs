using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace RingTrace.Packets.Layers;

/// <summary>From a packet's first byte to its network layer.</summary>
internal static class LinkWalk
{
    public const int EthernetBytes = 14;

    private const int VlanBytes = 4;

    /// <summary>So many tags and labels are gone by; more is no packet of this world.</summary>
    private const int MostTags = 16;

    /// <returns>Where the network layer begins; -1 when there is none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Enter(ReadOnlySpan<byte> data, LinkType link, ref Dissection found)
    {
        if (link != LinkType.Ethernet || data.Length < EthernetBytes)
        {
            return -1;
        }

        found.LinkOffset = 0;
        found.EtherType = BinaryPrimitives.ReadUInt16BigEndian(data[12..]);
        return found.EtherType is EtherTypes.IPv4 or EtherTypes.IPv6 ? EthernetBytes : Tags(data, EthernetBytes, ref found);
    }

    private static int Tags(ReadOnlySpan<byte> data, int at, ref Dissection found)
    {
        for (int tags = 0; tags < MostTags; tags++)
        {
            switch (found.EtherType)
            {
                case EtherTypes.Vlan or EtherTypes.ServiceVlan or EtherTypes.OldServiceVlan when data.Length - at >= VlanBytes:
                    int tag = BinaryPrimitives.ReadUInt16BigEndian(data[at..]) & 0xFFF;
                    found.Vlan = found.Vlan < 0 ? tag : found.Vlan;
                    found.EtherType = BinaryPrimitives.ReadUInt16BigEndian(data[(at + 2)..]);
                    at += VlanBytes;
                    break;
                default:
                    return at;
            }
        }

        return -1;
    }
}
