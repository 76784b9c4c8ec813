using System.Buffers.Binary;

namespace RingTrace.Tool.Tests.Net;

/// <summary>A pcap file of TCP segments as a test wants them, of which nothing but the headers is captured.</summary>
internal sealed class TcpTraffic
{
    public const int Fin = 1;
    public const int Syn = 2;
    public const int Reset = 4;
    public const int Ack = 16;

    private const int HeaderBytes = 14 + 20 + 20;
    private readonly List<byte> _bytes = [];

    public TcpTraffic() => Words(0xA1B23C4D, 0x0004_0002, 0, 0, HeaderBytes, 1);

    /// <summary>One segment of the connection between a client's port and port 80, or a fragment of it: with IP's number and offset.</summary>
    public TcpTraffic Add(
        long timeNs, uint sequence, int payload, int flags = Ack, bool back = false, ushort client = 5000, ushort id = 0, ushort fragment = 0)
    {
        byte[] frame = new byte[HeaderBytes];
        frame[12] = 8;
        Span<byte> ip = frame.AsSpan(14);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(40 + payload));
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], id);
        BinaryPrimitives.WriteUInt16BigEndian(ip[6..], fragment);
        (ip[8], ip[9]) = (64, 6);
        ((byte[])[10, 0, 0, (byte)(back ? 2 : 1), 10, 0, 0, (byte)(back ? 1 : 2)]).CopyTo(ip[12..]);
        BinaryPrimitives.WriteUInt16BigEndian(ip[20..], back ? (ushort)80 : client);
        BinaryPrimitives.WriteUInt16BigEndian(ip[22..], back ? client : (ushort)80);
        BinaryPrimitives.WriteUInt32BigEndian(ip[24..], sequence);
        (ip[32], ip[33]) = (0x50, (byte)flags);
        BinaryPrimitives.WriteUInt16BigEndian(ip[34..], 60000);
        Words((uint)(timeNs / 1_000_000_000), (uint)(timeNs % 1_000_000_000), HeaderBytes, (uint)(HeaderBytes + payload));
        _bytes.AddRange(frame);
        return this;
    }

    public void Write(string path) => File.WriteAllBytes(path, [.. _bytes]);

    private void Words(params ReadOnlySpan<uint> words)
    {
        foreach (uint word in words)
        {
            _bytes.AddRange(BitConverter.GetBytes(word));
        }
    }
}
