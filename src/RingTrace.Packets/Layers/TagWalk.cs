using RingTrace.Packets.Layers.Views;

namespace RingTrace.Packets.Layers;

/// <summary>Between link and network layer: VLAN tags, MPLS labels, PPPoE.</summary>
internal static class TagWalk
{
    /// <summary>So many are gone by; behind more is no packet of this world.</summary>
    private const int Most = 16;

    private const int ControlWordBytes = 4;

    /// <returns>Where the network layer begins; -1 when there is none.</returns>
    public static int Enter(ReadOnlySpan<byte> data, int at, ref Dissection found)
    {
        for (int tags = 0; tags < Most; tags++)
        {
            ReadOnlySpan<byte> rest = data.From(at);
            switch (found.EtherType)
            {
                case EtherTypes.Vlan or EtherTypes.ServiceVlan or EtherTypes.OldServiceVlan when VlanView.TryRead(rest, out VlanView tag):
                    found.Vlan = found.Vlan < 0 ? tag.Id : found.Vlan;
                    found.EtherType = tag.EtherType;
                    at += VlanView.Bytes;
                    break;
                case EtherTypes.Mpls or EtherTypes.MplsMulticast when MplsView.TryRead(rest, out MplsView label):
                    found.Mpls = found.Mpls < 0 ? label.Label : found.Mpls;
                    at += MplsView.Bytes;
                    if (label.BottomOfStack && at < data.Length)
                    {
                        at = BehindLabels(data, at, ref found);
                    }

                    break;
                case EtherTypes.PppoeSession when PppoeView.TryRead(rest, out PppoeView session)
                    && PppView.TryRead(session.Payload, out PppView ppp):
                    found.EtherType = ppp.EtherType;
                    at += PppoeView.Bytes + ppp.HeaderLength;
                    break;
                default:
                    return at;
            }
        }

        return -1;
    }

    /// <summary>
    /// Labels don't say what is behind them: 4 and 6 as the first digit are IP, everything else is an Ethernet frame, with a
    /// control word before it where its first digit is 0 and a frame makes sense only behind that.
    /// </summary>
    private static int BehindLabels(ReadOnlySpan<byte> data, int at, ref Dissection found)
    {
        if (LinkWalk.RawIP(data, at, ref found) >= 0)
        {
            return at;
        }

        int frame = LooksLikeEthernet(data.From(at)) ? at
            : data[at] >> 4 == 0 && LooksLikeEthernet(data.From(at + ControlWordBytes)) ? at + ControlWordBytes
            : -1;
        if (frame < 0)
        {
            return at;
        }

        found.EtherType = data.UInt16At(frame + EthernetView.Bytes - 2);
        return frame + EthernetView.Bytes;
    }

    private static bool LooksLikeEthernet(ReadOnlySpan<byte> bytes) =>
        EthernetView.TryRead(bytes, out EthernetView frame)
        && frame.EtherType is EtherTypes.IPv4 or EtherTypes.IPv6 or EtherTypes.Arp or EtherTypes.Vlan or EtherTypes.ServiceVlan
            or EtherTypes.Mpls or EtherTypes.PppoeSession or EtherTypes.PppoeDiscovery;
}
