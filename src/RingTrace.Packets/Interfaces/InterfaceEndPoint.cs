using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace RingTrace.Packets.Interfaces;

/// <summary>All packets of one interface, as a packet socket is bound to them.</summary>
internal sealed class InterfaceEndPoint(int index) : EndPoint
{
    private const ushort AllProtocols = 3;

    public override AddressFamily AddressFamily => AddressFamily.Packet;

    public override SocketAddress Serialize()
    {
        SocketAddress address = new(AddressFamily, LinkAddress.Bytes);
        Span<byte> bytes = address.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], AllProtocols);
        MemoryMarshal.Write(bytes[4..], index);
        return address;
    }
}
