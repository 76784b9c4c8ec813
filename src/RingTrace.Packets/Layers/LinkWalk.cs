using System.Runtime.CompilerServices;
using RingTrace.Packets.Layers.Views;

namespace RingTrace.Packets.Layers;

/// <summary>From a link layer's first byte to the network layer, by whatever stands before it.</summary>
internal static class LinkWalk
{
    /// <summary>What Linux writes into a cooked header before a whole Ethernet frame, before LLC, and least of what is an EtherType.</summary>
    private const int CookedEthernet = 0x0060;
    private const int CookedLlc = 0x0004;

    private const int LlcRoutedIPv4 = 0xCC;
    private const int SubframeBytes = 14;

    /// <returns>Where the network layer begins; -1 when there is none.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Enter(ReadOnlySpan<byte> data, LinkType link, ref Dissection found) =>
        link == LinkType.Ethernet ? Ethernet(data, 0, ref found) : Others(data, link, ref found);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Ethernet(ReadOnlySpan<byte> data, int at, ref Dissection found)
    {
        if (data.Length - at < EthernetView.Bytes)
        {
            return -1;
        }

        (found.LinkType, found.LinkOffset) = (LinkType.Ethernet, at);
        at += EthernetView.Bytes;
        int type = data.UInt16At(at - 2);
        found.EtherType = type;
        return type is EtherTypes.IPv4 or EtherTypes.IPv6 ? at : AfterType(data, at, ref found);
    }

    public static int Ppp(ReadOnlySpan<byte> data, int at, ref Dissection found)
    {
        if (!PppView.TryRead(data.From(at), out PppView ppp))
        {
            return -1;
        }

        found.EtherType = ppp.EtherType;
        return TagWalk.Enter(data, at + ppp.HeaderLength, ref found);
    }

    /// <summary>Raw IP of whichever version its first byte says.</summary>
    public static int RawIP(ReadOnlySpan<byte> data, int at, ref Dissection found)
    {
        int version = at < data.Length ? data[at] >> 4 : 0;
        found.EtherType = version switch
        {
            4 => EtherTypes.IPv4,
            6 => EtherTypes.IPv6,
            _ => -1,
        };
        return found.EtherType < 0 ? -1 : at;
    }

    private static int AfterType(ReadOnlySpan<byte> data, int at, ref Dissection found)
    {
        if (found.EtherType >= EtherTypes.Least)
        {
            return TagWalk.Enter(data, at, ref found);
        }

        // A length. With LLC and SNAP there may be IP behind it; whatever else keeps the length for its type.
        if (LlcView.TryRead(data.From(at), out LlcView llc) && llc.EtherType is EtherTypes.IPv4 or EtherTypes.IPv6)
        {
            found.EtherType = llc.EtherType;
            return at + LlcView.Bytes;
        }

        return at;
    }

    private static int Others(ReadOnlySpan<byte> data, LinkType link, ref Dissection found)
    {
        (found.LinkType, found.LinkOffset) = (link, 0);
        switch (link)
        {
            case LinkType.Raw or LinkType.RawBsd or LinkType.RawOpenBsd:
                found.LinkOffset = -1;
                return RawIP(data, 0, ref found);
            case LinkType.IPv4 or LinkType.IPv6:
                found.LinkOffset = -1;
                found.EtherType = link == LinkType.IPv4 ? EtherTypes.IPv4 : EtherTypes.IPv6;
                return 0;
            case LinkType.Null or LinkType.Loop when LoopbackView.TryRead(data, out LoopbackView loopback):
                found.EtherType = loopback.EtherType;
                return found.EtherType < 0 ? -1 : LoopbackView.Bytes;
            case LinkType.CiscoHdlc or LinkType.PppHdlc when CiscoHdlcView.TryRead(data, out CiscoHdlcView hdlc):
                found.EtherType = hdlc.EtherType;
                return TagWalk.Enter(data, CiscoHdlcView.Bytes, ref found);
            case LinkType.Ppp or LinkType.PppHdlc:
                return Ppp(data, 0, ref found);
            case LinkType.LinuxSll when SllView.TryRead(data, out SllView cooked):
                return Cooked(data, cooked, ref found);
            case LinkType.LinuxSll2 when SllView.TryRead2(data, out SllView cooked):
                return Cooked(data, cooked, ref found);
            case LinkType.AtmRfc1483:
                return Llc(data, 0, ref found);
            case LinkType.Ieee80211:
                return Wireless(data, 0, padded: false, ref found);
            case LinkType.Ieee80211Radiotap when RadiotapView.TryRead(data, out RadiotapView radio):
                return Wireless(data, radio.HeaderLength, radio.Padded, ref found);
            default:
                return -1;
        }
    }

    private static int Cooked(ReadOnlySpan<byte> data, SllView cooked, ref Dissection found)
    {
        switch (cooked.Protocol)
        {
            case CookedEthernet:
                return Ethernet(data, cooked.HeaderLength, ref found);
            case CookedLlc:
                return Llc(data, cooked.HeaderLength, ref found);
            case >= EtherTypes.Least:
                found.EtherType = cooked.Protocol;
                return TagWalk.Enter(data, cooked.HeaderLength, ref found);
            default:
                return -1;
        }
    }

    private static int Llc(ReadOnlySpan<byte> data, int at, ref Dissection found)
    {
        ReadOnlySpan<byte> header = data.From(at);
        if (LlcView.TryRead(header, out LlcView llc))
        {
            found.EtherType = llc.EtherType;
            return TagWalk.Enter(data, at + LlcView.Bytes, ref found);
        }

        // Routed IPv4 over ATM needs no SNAP (RFC 2684): FE FE 03 and the protocol's ISO number.
        if (header.Length < 4 || header.UInt24At(0) != 0xFEFE03 || header[3] != LlcRoutedIPv4)
        {
            return -1;
        }

        found.EtherType = EtherTypes.IPv4;
        return at + 4;
    }

    private static int Wireless(ReadOnlySpan<byte> data, int at, bool padded, ref Dissection found)
    {
        (found.LinkType, found.LinkOffset) = (LinkType.Ieee80211, at);
        if (!Ieee80211View.TryRead(data.From(at), out Ieee80211View frame) || !frame.HasData || frame.Protected)
        {
            return -1;
        }

        int length = frame.HeaderLength;
        length = padded ? (length + 3) & ~3 : length;
        return Llc(data, at + length + (frame.Aggregated ? SubframeBytes : 0), ref found);
    }
}
