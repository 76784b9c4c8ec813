using System.Buffers.Binary;
using System.Runtime.InteropServices;
using RingTrace.Packets.Blocks;

namespace RingTrace.Packets.Captures.Pcap;

/// <summary>
/// pcap: a file header of 24 bytes, then for each packet 16 bytes of time and lengths and the bytes themselves; in the byte
/// order of the machine that wrote it, with microseconds or nanoseconds (draft-ietf-opsawg-pcap).
/// </summary>
internal sealed class PcapReader : CaptureReader
{
    private const uint Microseconds = 0xA1B2C3D4;
    private const uint Nanoseconds = 0xA1B23C4D;
    private const int FileHeaderBytes = 24;
    private const int RecordHeaderBytes = 16;

    /// <summary>The bits above say whether frames end in a check sequence, and how long it is.</summary>
    private const uint LinkTypeMask = 0x03FF_FFFF;

    private readonly bool _swapped;
    private readonly long _fractionNs;
    private readonly CaptureInterface[] _interfaces;

    public PcapReader(BlockReader input)
        : base(input, CaptureFormat.Pcap)
    {
        if (!input.Ensure(FileHeaderBytes))
        {
            throw input.Error(0, $"a pcap file begins with {FileHeaderBytes} bytes, {input.Window.Length} are there.");
        }

        uint magic = MemoryMarshal.Read<uint>(input.Window);
        _swapped = magic is not (Microseconds or Nanoseconds);
        _fractionNs = Order(magic) == Nanoseconds ? 1 : 1000;
        _interfaces = [new((LinkType)(Word(input.Window, 20) & LinkTypeMask), Word(input.Window, 16))];
        input.Advance(FileHeaderBytes);
    }

    public override IReadOnlyList<CaptureInterface> Interfaces => _interfaces;

    public static bool Recognises(ReadOnlySpan<byte> start) =>
        BinaryPrimitives.ReadUInt32LittleEndian(start) is Microseconds or Nanoseconds
        || BinaryPrimitives.ReadUInt32BigEndian(start) is Microseconds or Nanoseconds;

    private protected override int Parse(PacketBatch batch)
    {
        ReadOnlySpan<byte> window = Input.Window;
        LinkType link = _interfaces[0].LinkType;
        int at = 0;
        int needed = 0;
        while (!batch.IsFull)
        {
            ReadOnlySpan<byte> record = window[at..];
            needed = RecordHeaderBytes;
            if (record.Length < needed)
            {
                break;
            }

            uint captured = Word(record, 8);
            if (captured > BlockReader.MostRecordBytes - RecordHeaderBytes)
            {
                Input.Advance(at);
                throw Input.Error(Input.Offset, $"a packet of {captured} captured bytes; at most {BlockReader.MostRecordBytes} are possible.");
            }

            needed += (int)captured;
            if (record.Length < needed)
            {
                break;
            }

            ref PacketRecord packet = ref batch.Add(Input.Block);
            packet.TimeNs = (Word(record, 0) * 1_000_000_000L) + (Word(record, 4) * _fractionNs);
            packet.Number = ++Packets;
            packet.RecordOffset = Input.Position + at;
            packet.RecordLength = needed;
            packet.DataOffset = packet.RecordOffset + RecordHeaderBytes;
            packet.CapturedLength = (int)captured;
            packet.WireLength = Word(record, 12);
            packet.LinkType = link;
            packet.Interface = 0;
            packet.Kind = PacketKind.Packet;
            packet.Direction = PacketDirection.Unknown;
            at += needed;
            needed = 0;
        }

        Input.Advance(at);
        return needed;
    }

    private uint Word(ReadOnlySpan<byte> bytes, int offset) => Order(MemoryMarshal.Read<uint>(bytes[offset..]));

    private uint Order(uint value) => _swapped ? BinaryPrimitives.ReverseEndianness(value) : value;
}
