using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace RingTrace.Packets.Interfaces;

/// <summary>The packets of one interface, as a packet socket is bound to them.</summary>
/// <param name="index">The interface's number.</param>
/// <param name="protocol">Which packets.</param>
internal sealed class InterfaceEndPoint(int index, ushort protocol) : EndPoint
{
    /// <summary>None come in.</summary>
    public const ushort NoProtocol = 0;

    /// <summary>All do.</summary>
    public const ushort AllProtocols = 3;

    public override AddressFamily AddressFamily => AddressFamily.Packet;

    public override SocketAddress Serialize()
    {
        SocketAddress address = new(AddressFamily, LinkAddress.Bytes);
        Span<byte> bytes = address.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], protocol);
        MemoryMarshal.Write(bytes[4..], index);
        return address;
    }
}
