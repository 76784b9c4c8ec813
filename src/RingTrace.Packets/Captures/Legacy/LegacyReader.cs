using System.Buffers.Binary;
using RingTrace.Packets.Blocks;

namespace RingTrace.Packets.Captures.Legacy;

/// <summary>
/// What the first DAG cards wrote: 64 bytes a packet, an ERF time and then, for Ethernet, the length on the wire (little-endian, with
/// the frame check sequence); for packets over SONET, losses and that length (big-endian); for ATM, a check sequence and one cell.
/// </summary>
internal sealed class LegacyReader : RecordReader
{
    private const int RecordBytes = 64;
    private const int AfterTime = sizeof(ulong);
    private const int EthernetData = 10;
    private const int PosLosses = 12;
    private const int PosWireLength = 14;
    private const int PosData = 16;

    /// <summary>Behind the check sequence and the cell's header.</summary>
    private const int AtmData = 16;

    private const int AtmCellBytes = 53;

    private readonly CaptureInterface[] _interfaces;

    public LegacyReader(BlockReader input, CaptureFormat format)
        : base(input, format) => _interfaces =
        [
            new(format switch
            {
                CaptureFormat.LegacyEthernet => LinkType.Ethernet,
                CaptureFormat.LegacyPos => LinkType.PppHdlc,
                _ => LinkType.AtmRfc1483,
            }, RecordBytes),
        ];

    public override IReadOnlyList<CaptureInterface> Interfaces => _interfaces;

    private protected override int Measure(ReadOnlySpan<byte> window) => RecordBytes;

    private protected override void Describe(ReadOnlySpan<byte> record, ref PacketRecord packet)
    {
        packet.TimeNs = ErfTimes.ToNanoseconds(BinaryPrimitives.ReadUInt64LittleEndian(record));
        packet.Traits = RecordTraits.BeginsWithErfTime;
        packet.LinkType = _interfaces[0].LinkType;
        (packet.DataOffset, packet.WireLength) = packet.LinkType switch
        {
            LinkType.Ethernet => (EthernetData, BinaryPrimitives.ReadUInt16LittleEndian(record[AfterTime..])),
            LinkType.PppHdlc => (PosData, BinaryPrimitives.ReadUInt16BigEndian(record[PosWireLength..])),
            _ => (AtmData, (uint)AtmCellBytes),
        };
        packet.CapturedLength = (int)Math.Min(RecordBytes - packet.DataOffset, packet.WireLength);
        if (packet.LinkType == LinkType.PppHdlc)
        {
            Lost += BinaryPrimitives.ReadUInt16BigEndian(record[PosLosses..]);
        }
    }
}
