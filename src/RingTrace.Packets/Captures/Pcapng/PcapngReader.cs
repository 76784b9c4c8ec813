using System.Buffers.Binary;
using RingTrace.Packets.Blocks;

namespace RingTrace.Packets.Captures.Pcapng;

/// <summary>
/// pcapng: blocks in sections, each section in its own byte order and with its own interfaces. Blocks that hold no packet are meta
/// records, those of unknown types too.
/// </summary>
internal sealed class PcapngReader(BlockReader input) : RecordReader(input, CaptureFormat.Pcapng)
{
    /// <summary>A packet's number of lost ones before it, when the obsolete block does not know it.</summary>
    private const ushort UnknownDrops = 0xFFFF;

    /// <summary>The upper half of a packet's flags says what was wrong with it on the wire.</summary>
    private const int LinkErrorsShift = 16;

    private readonly PcapngInterfaces _interfaces = new(input);
    private ByteOrder _order;
    private bool _isInSection;

    public override IReadOnlyList<CaptureInterface> Interfaces => _interfaces.All;

    public static bool Recognises(ReadOnlySpan<byte> start) =>
        BinaryPrimitives.ReadUInt32LittleEndian(start) == PcapngBlocks.SectionHeader;

    private protected override int Measure(ReadOnlySpan<byte> window)
    {
        if (window.Length < PcapngBlocks.LeastBytes)
        {
            return PcapngBlocks.LeastBytes;
        }

        // A section's type reads the same either way; what comes after the length says which way the section is to be read.
        if (BinaryPrimitives.ReadUInt32LittleEndian(window) == PcapngBlocks.SectionHeader)
        {
            _order = new ByteOrder(BinaryPrimitives.ReadUInt32BigEndian(window[PcapngBlocks.HeadBytes..]) == PcapngBlocks.ByteOrderMagic);
            if (_order.Word(window, PcapngBlocks.HeadBytes) != PcapngBlocks.ByteOrderMagic)
            {
                throw Damage("a section without the number that tells its byte order.");
            }

            _isInSection = true;
        }
        else if (!_isInSection)
        {
            throw Damage("no pcapng file: it does not begin with a section.");
        }

        uint length = _order.Word(window, 4);
        if (length < PcapngBlocks.LeastBytes || length % 4 != 0 || length > BlockReader.MostRecordBytes)
        {
            throw Damage($"a block of {length} bytes; it takes {PcapngBlocks.LeastBytes} to {BlockReader.MostRecordBytes}, in fours.");
        }

        return (int)length;
    }

    private protected override void Describe(ReadOnlySpan<byte> record, ref PacketRecord packet)
    {
        uint again = _order.Word(record, record.Length - sizeof(uint));
        if (again != record.Length)
        {
            throw Damage($"a block that says it has {record.Length} bytes at its beginning and {again} at its end.");
        }

        packet.Kind = PacketKind.Meta;
        packet.DataOffset = PcapngBlocks.HeadBytes;
        packet.CapturedLength = record.Length - PcapngBlocks.LeastBytes;
        switch (_order.Word(record, 0))
        {
            case PcapngBlocks.EnhancedPacket:
                Enhanced(record, ref packet, Word(record, 8));
                break;

            case PcapngBlocks.ObsoletePacket:
                Enhanced(record, ref packet, _order.Half(Checked(record, PcapngBlocks.PacketData), 8));
                ushort drops = _order.Half(record, 10);
                Lost += drops == UnknownDrops ? 0 : drops;
                break;

            case PcapngBlocks.SimplePacket:
                Simple(record, ref packet);
                break;

            case PcapngBlocks.SectionHeader:
                Checked(record, PcapngBlocks.SectionOptions);
                _interfaces.BeginSection();
                break;

            case PcapngBlocks.InterfaceDescription:
                _interfaces.Add(Checked(record, PcapngBlocks.InterfaceOptions), _order);
                break;

            case PcapngBlocks.InterfaceStatistics:
                Statistics(record, ref packet);
                break;
        }
    }

    private void Enhanced(ReadOnlySpan<byte> record, ref PacketRecord packet, uint number)
    {
        int room = Checked(record, PcapngBlocks.PacketData).Length - PcapngBlocks.PacketData - sizeof(uint);
        CaptureInterface from = Interface(ref packet, number);
        uint captured = Word(record, 20);
        if (captured > room)
        {
            throw Damage($"a packet of {captured} captured bytes in a block with room for {room}.");
        }

        packet.TimeNs = Time(record, 12, from);
        packet.DataOffset = PcapngBlocks.PacketData;
        packet.CapturedLength = (int)captured;
        packet.WireLength = Word(record, 24);
        int padded = PcapngBlocks.Padded((int)captured);
        if (padded < room)
        {
            ReadOptions(record.Slice(PcapngBlocks.PacketData + padded, room - padded), ref packet);
        }

        if (packet.Direction == PacketDirection.Unknown)
        {
            packet.Direction = CookedDirections.Of(from.LinkType, record.Slice(PcapngBlocks.PacketData, (int)captured));
        }
    }

    /// <summary>A packet of the section's first interface, without a time.</summary>
    private void Simple(ReadOnlySpan<byte> record, ref PacketRecord packet)
    {
        int room = Checked(record, PcapngBlocks.SimplePacketData).Length - PcapngBlocks.SimplePacketData - sizeof(uint);
        CaptureInterface from = Interface(ref packet, 0);
        packet.DataOffset = PcapngBlocks.SimplePacketData;
        packet.WireLength = Word(record, 8);
        uint kept = from.SnapLength == 0 ? packet.WireLength : Math.Min(packet.WireLength, from.SnapLength);
        packet.CapturedLength = (int)Math.Min(kept, (uint)room);
        packet.Direction = CookedDirections.Of(from.LinkType, record.Slice(PcapngBlocks.SimplePacketData, packet.CapturedLength));
    }

    private void Statistics(ReadOnlySpan<byte> record, ref PacketRecord packet)
    {
        int room = Checked(record, PcapngBlocks.StatisticsOptions).Length - PcapngBlocks.StatisticsOptions - sizeof(uint);
        if (_interfaces.Find(Word(record, 8)) is not { } index)
        {
            return;
        }

        packet.Interface = index;
        packet.TimeNs = Time(record, 12, _interfaces.All[index]);
        PcapngOptions options = new(record.Slice(PcapngBlocks.StatisticsOptions, room), _order);
        ulong lost = 0;
        while (options.TryNext(out int code, out ReadOnlySpan<byte> value))
        {
            if (value.Length == sizeof(ulong)
                && code is PcapngOptions.StatisticsInterfaceDrops or PcapngOptions.StatisticsSystemDrops)
            {
                lost += _order.Long(value, 0);
            }
        }

        Lost += _interfaces.LostSince(index, (long)Math.Min(lost, int.MaxValue));
    }

    private CaptureInterface Interface(ref PacketRecord packet, uint number)
    {
        packet.Interface = _interfaces.Find(number)
            ?? throw Damage($"something of interface {number}, which the section has not described before.");
        packet.Kind = PacketKind.Packet;
        CaptureInterface from = _interfaces.All[packet.Interface];
        packet.LinkType = from.LinkType;
        return from;
    }

    private void ReadOptions(ReadOnlySpan<byte> options, ref PacketRecord packet)
    {
        PcapngOptions walk = new(options, _order);
        bool hasFlags = false;
        while (walk.TryNext(out int code, out ReadOnlySpan<byte> value))
        {
            if (code == PcapngOptions.PacketFlags && value.Length == sizeof(uint) && !hasFlags)
            {
                hasFlags = true;
                uint flags = _order.Word(value, 0);
                Damaged += flags >> LinkErrorsShift != 0 ? 1 : 0;
                packet.Direction = (flags & 3) switch
                {
                    1 => PacketDirection.Inbound,
                    2 => PacketDirection.Outbound,
                    _ => PacketDirection.Unknown,
                };
            }
            else if (code == PcapngOptions.PacketHash && value is [PcapngOptions.Toeplitz, _, _, _, _])
            {
                packet.FlowHash = BinaryPrimitives.ReadUInt32BigEndian(value[1..]);
                packet.Traits |= RecordTraits.HasFlowHash;
            }
        }
    }

    private long Time(ReadOnlySpan<byte> record, int offset, CaptureInterface from) =>
        new PcapngTimes(from.TimeResolution, from.TimeOffset).ToNanoseconds(((ulong)Word(record, offset) << 32) | Word(record, offset + 4));

    private uint Word(ReadOnlySpan<byte> record, int offset) => _order.Word(Checked(record, offset), offset);

    /// <summary>A block that has so many bytes and the length at its end.</summary>
    private ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> record, int bytes) => record.Length >= bytes + sizeof(uint)
        ? record
        : throw Damage($"a block of type {_order.Word(record, 0)} with {record.Length} bytes; it takes {bytes + sizeof(uint)} at least.");
}
