using System.Buffers.Binary;
using RingTrace.Packets.Blocks;

namespace RingTrace.Packets.Captures.Legacy;

/// <summary>
/// NLANR's time sequenced headers, and FR+ which is the same: seconds, an interface's number and microseconds, 20 bytes of IP header
/// (options are left out) and 16 of what follows it. Big-endian.
/// </summary>
internal sealed class TshReader(BlockReader input) : RecordReader(input, CaptureFormat.Tsh)
{
    private const int RecordBytes = 44;
    private const int HeaderBytes = 8;
    private const int IPLengthOffset = HeaderBytes + 2;
    private const uint MicrosecondMask = 0x00FF_FFFF;
    private const int PortShift = 24;

    private readonly Ports _ports = new();

    public override IReadOnlyList<CaptureInterface> Interfaces => _ports.Interfaces;

    private protected override int Measure(ReadOnlySpan<byte> window) => RecordBytes;

    private protected override void Describe(ReadOnlySpan<byte> record, ref PacketRecord packet)
    {
        uint microseconds = BinaryPrimitives.ReadUInt32BigEndian(record[4..]);
        packet.TimeNs = (BinaryPrimitives.ReadUInt32BigEndian(record) * 1_000_000_000L) + ((microseconds & MicrosecondMask) * 1000L);
        packet.LinkType = LinkType.Raw;
        packet.DataOffset = HeaderBytes;
        packet.CapturedLength = RecordBytes - HeaderBytes;
        packet.WireLength = BinaryPrimitives.ReadUInt16BigEndian(record[IPLengthOffset..]);
        _ports.Mark(ref packet, (int)(microseconds >> PortShift));
    }
}
