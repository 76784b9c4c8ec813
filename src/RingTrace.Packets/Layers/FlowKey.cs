using System.Globalization;
using System.Runtime.CompilerServices;

namespace RingTrace.Packets.Layers;

/// <summary>
/// Which flow a packet belongs to: addresses, protocol and ports of an IP packet. A value of 40 bytes that can be a key;
/// <see cref="Reversed"/> is the other direction's.
/// </summary>
public readonly struct FlowKey : IEquatable<FlowKey>
{
    private readonly ulong _sourceUpper;
    private readonly ulong _sourceLower;
    private readonly ulong _destinationUpper;
    private readonly ulong _destinationLower;
    private readonly ushort _sourcePort;
    private readonly ushort _destinationPort;
    private readonly byte _protocol;
    private readonly byte _version;

    /// <summary>Makes a key.</summary>
    /// <param name="source">The sender's address.</param>
    /// <param name="sourcePort">Its port, 0 where there is none.</param>
    /// <param name="destination">The receiver's address, of the same version.</param>
    /// <param name="destinationPort">Its port, 0 where there is none.</param>
    /// <param name="protocol">The protocol over IP, 0 to 255.</param>
    public FlowKey(PacketAddress source, int sourcePort, PacketAddress destination, int destinationPort, int protocol)
    {
        (_sourceUpper, _sourceLower) = (source.Upper, source.Lower);
        (_destinationUpper, _destinationLower) = (destination.Upper, destination.Lower);
        (_sourcePort, _destinationPort) = ((ushort)sourcePort, (ushort)destinationPort);
        (_protocol, _version) = ((byte)protocol, (byte)source.Version);
    }

    /// <summary>The sender's address.</summary>
    public PacketAddress Source => new(_sourceUpper, _sourceLower, _version);

    /// <summary>The receiver's address.</summary>
    public PacketAddress Destination => new(_destinationUpper, _destinationLower, _version);

    /// <summary>The sender's port; 0 where there is none, as in a later fragment.</summary>
    public int SourcePort => _sourcePort;

    /// <summary>The receiver's port; 0 where there is none, as in a later fragment.</summary>
    public int DestinationPort => _destinationPort;

    /// <summary>The protocol over IP, behind IPv6's extension headers.</summary>
    public int Protocol => _protocol;

    /// <summary>The other direction of the same flow.</summary>
    public FlowKey Reversed => new(Destination, DestinationPort, Source, SourcePort, Protocol);

    /// <summary>Compares all five.</summary>
    public static bool operator ==(FlowKey left, FlowKey right) => left.Equals(right);

    /// <summary>Compares all five.</summary>
    public static bool operator !=(FlowKey left, FlowKey right) => !left.Equals(right);

    /// <summary>The flow of the outermost IP packet.</summary>
    /// <param name="packet">Any packet.</param>
    /// <param name="key">Its flow.</param>
    /// <returns>False when there is no IP packet, or too little of it was captured.</returns>
    public static bool TryGet(in Packet packet, out FlowKey key)
    {
        if (packet.LinkType == LinkType.Ethernet && packet.Kind == PacketKind.Packet && TryGetPlain(packet.OnWire(), out key))
        {
            return true;
        }

        Dissection.Walk(in packet, out Dissection layers);
        return TryGet(packet.Data, in layers, out key);
    }

    /// <summary>The flow of the innermost IP packet: inside of all tunnels that can be looked into.</summary>
    /// <param name="packet">Any packet.</param>
    /// <param name="key">Its flow.</param>
    /// <returns>False when there is no IP packet, or too little of it was captured.</returns>
    public static bool TryGetInnermost(in Packet packet, out FlowKey key)
    {
        Dissection.Walk(in packet, out Dissection layers);
        ReadOnlySpan<byte> data = packet.Data;
        TunnelWalk.Descend(data, ref layers);
        return TryGet(data, in layers, out key);
    }

    /// <summary>The flow of a packet that was walked already.</summary>
    /// <param name="data">The packet's data.</param>
    /// <param name="layers">What the walk over the same data found.</param>
    /// <param name="key">Its flow.</param>
    /// <returns>False when there is no IP packet, or too little of it was captured.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryGet(ReadOnlySpan<byte> data, in Dissection layers, out FlowKey key)
    {
        PacketAddress source;
        PacketAddress destination;
        switch (layers.IPVersion)
        {
            case 4:
                ReadOnlySpan<byte> addresses = data.Slice(layers.NetworkOffset + 12, 8);
                (source, destination) = (PacketAddress.FromIPv4(addresses), PacketAddress.FromIPv4(addresses[4..]));
                break;
            case 6:
                addresses = data.Slice(layers.NetworkOffset + 8, 32);
                (source, destination) = (PacketAddress.FromIPv6(addresses), PacketAddress.FromIPv6(addresses[16..]));
                break;
            default:
                key = default;
                return false;
        }

        key = new(source, Math.Max(layers.SourcePort, 0), destination, Math.Max(layers.DestinationPort, 0), Math.Max(layers.Protocol, 0));
        return true;
    }

    /// <summary>The same as the walk says, for what nearly all packets are: see <see cref="PlainFlow"/>.</summary>
    internal static bool TryGetPlain(ReadOnlySpan<byte> data, out FlowKey key)
    {
        switch (PlainFlow.VersionOf(data))
        {
            case 4:
                ReadOnlySpan<byte> head = data[..PlainFlow.Bytes4];
                key = new(
                    new(0, head.UInt32At(PlainFlow.Source4), 4), head.UInt16At(PlainFlow.Ports4),
                    new(0, head.UInt32At(PlainFlow.Destination4), 4), head.UInt16At(PlainFlow.Ports4 + 2), head[PlainFlow.Protocol4]);
                return true;
            case 6:
                head = data[..PlainFlow.Bytes6];
                key = new(
                    PacketAddress.FromIPv6(head[PlainFlow.Source6..]), head.UInt16At(PlainFlow.Ports6),
                    PacketAddress.FromIPv6(head[PlainFlow.Destination6..]), head.UInt16At(PlainFlow.Ports6 + 2), head[PlainFlow.Protocol6]);
                return true;
            default:
                key = default;
                return false;
        }
    }

    /// <inheritdoc/>
    public bool Equals(FlowKey other) =>
        _sourceLower == other._sourceLower && _destinationLower == other._destinationLower
        && _sourceUpper == other._sourceUpper && _destinationUpper == other._destinationUpper
        && _sourcePort == other._sourcePort && _destinationPort == other._destinationPort
        && _protocol == other._protocol && _version == other._version;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FlowKey other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(
        _sourceUpper, _sourceLower, _destinationUpper, _destinationLower, _sourcePort, _destinationPort, _protocol);

    /// <summary>The flow as text: protocol, source and destination.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{_protocol} {Source} {_sourcePort} > {Destination} {_destinationPort}");
}
