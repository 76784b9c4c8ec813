using System.Buffers.Binary;
using System.Net.Sockets;
using RingTrace.Packets.Interfaces;

namespace RingTrace.Packets.Tests.Interfaces;

/// <summary>Sends frames out of an interface.</summary>
internal sealed class FrameSender : IDisposable
{
    public const int HeaderBytes = 14;

    private readonly Socket _socket;
    private long _number;

    public FrameSender(NetworkSpace space, string name = NetworkSpace.Near) => _socket = space.In(() =>
    {
        Socket socket = new(AddressFamily.Packet, SocketType.Raw, ProtocolType.Unspecified);
        socket.Bind(new InterfaceEndPoint((int)SocketCalls.IndexOf(name), InterfaceEndPoint.NoProtocol));
        return socket;
    });

    /// <summary>A frame to everybody, of no protocol that anybody knows: its number, from 1, and then bytes that follow from it.</summary>
    public byte[] Next(int length = 100, params ReadOnlySpan<byte> tags)
    {
        byte[] frame = new byte[length + tags.Length];
        new Random((int)++_number).NextBytes(frame);
        frame.AsSpan(0, 6).Fill(0xFF);
        (frame[6], frame[7]) = (2, 0);
        tags.CopyTo(frame.AsSpan(12));
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12 + tags.Length), 0x88B5);
        if (length >= HeaderBytes + sizeof(long))
        {
            BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(HeaderBytes + tags.Length), _number);
        }

        return frame;
    }

    public void Send(byte[] frame) => _socket.Send(frame);

    /// <summary>Sends so many frames.</summary>
    public void Send(int frames, int length = 100)
    {
        for (int i = 0; i < frames; i++)
        {
            Send(Next(length));
        }
    }

    public void Dispose() => _socket.Dispose();
}
