namespace RingTrace.Packets.Layers;

/// <summary>One call for each layer of a packet. Who wants several takes <see cref="Dissection.Of(in Packet)"/> once.</summary>
public static class PacketLayers
{
    /// <summary>The link layer, behind what the capturing system put before it.</summary>
    /// <param name="packet">Any packet.</param>
    /// <param name="linkType">What the bytes begin with.</param>
    /// <returns>From its header on, as far as was captured; empty when there is none.</returns>
    public static ReadOnlySpan<byte> Layer2(this in Packet packet, out LinkType linkType)
    {
        Dissection layers = Dissection.Of(in packet);
        linkType = layers.LinkType;
        return Slice(packet.Data, layers.LinkOffset, packet.Data.Length);
    }

    /// <summary>The network layer, behind VLAN tags, MPLS and PPPoE.</summary>
    /// <param name="packet">Any packet.</param>
    /// <param name="etherType">What the bytes begin with; -1 when there is none.</param>
    /// <returns>From its header to its end, as far as was captured; empty when there is none.</returns>
    public static ReadOnlySpan<byte> Layer3(this in Packet packet, out int etherType)
    {
        Dissection layers = Dissection.Of(in packet);
        etherType = layers.EtherType;
        return Slice(packet.Data, layers.NetworkOffset, layers.End);
    }

    /// <summary>The transport of the outermost IP packet, behind IPv6's extension headers.</summary>
    /// <param name="packet">Any packet.</param>
    /// <param name="protocol">The protocol over IP; -1 when there is none.</param>
    /// <returns>From its header to its end, as far as was captured; empty when there is none, as in a later fragment.</returns>
    public static ReadOnlySpan<byte> Transport(this in Packet packet, out int protocol)
    {
        Dissection layers = Dissection.Of(in packet);
        protocol = layers.Protocol;
        return Slice(packet.Data, layers.TransportOffset, layers.End);
    }

    /// <summary>What the last header that is known carries, in the outermost IP packet; without the link layer's padding.</summary>
    /// <param name="packet">Any packet.</param>
    /// <returns>As far as was captured; empty when there is none.</returns>
    public static ReadOnlySpan<byte> Payload(this in Packet packet)
    {
        Dissection layers = Dissection.Of(in packet);
        return Slice(packet.Data, layers.PayloadOffset, layers.End);
    }

    /// <summary>The data that was on the wire: some files hold padding behind it.</summary>
    internal static ReadOnlySpan<byte> OnWire(this in Packet packet)
    {
        ReadOnlySpan<byte> data = packet.Data;
        return packet.WireLength < (uint)data.Length && packet.WireLength > 0 ? data[..(int)packet.WireLength] : data;
    }

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> data, int start, int end) => start < 0 ? default : data[start..end];
}
