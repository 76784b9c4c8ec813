using System.Buffers.Binary;
using RingTrace.Packets.Blocks;

namespace RingTrace.Packets.Captures.Pcap;

/// <summary>
/// pcap: a file header of 24 bytes, then for each packet 16 bytes of time and lengths and the bytes themselves; in the byte
/// order of the machine that wrote it, with microseconds or nanoseconds (draft-ietf-opsawg-pcap). Kuznetzov's variant, which old
/// Linux programs wrote, has 8 bytes more a packet: an interface, a protocol, and which way it went.
/// </summary>
internal sealed class PcapReader : CaptureReader
{
    private const uint Microseconds = 0xA1B2C3D4;
    private const uint Nanoseconds = 0xA1B23C4D;
    private const uint Kuznetzov = 0xA1B2CD34;
    private const ushort Version = 2;

    /// <summary>Before minor version 3 a record's two lengths stood the other way round, in it they stand either way.</summary>
    private const ushort MixedMinorVersion = 3;

    private const int FileHeaderBytes = 24;
    private const int RecordHeaderBytes = 16;
    private const int KuznetzovHeaderBytes = 24;
    private const int KuznetzovPacketType = 22;

    /// <summary>The bits above say whether frames end in a check sequence, and how long it is.</summary>
    private const uint LinkTypeMask = 0x03FF_FFFF;

    private readonly ByteOrder _order;
    private readonly long _fractionNs;
    private readonly int _headerBytes;
    private readonly ushort _minorVersion;
    private readonly bool _hasDirection;
    private readonly CaptureInterface[] _interfaces;

    public PcapReader(BlockReader input)
        : base(input, CaptureFormat.Pcap)
    {
        if (!input.Ensure(FileHeaderBytes))
        {
            throw input.Error(0, $"a pcap file begins with {FileHeaderBytes} bytes, {input.Window.Length} are there.");
        }

        ReadOnlySpan<byte> header = input.Window[..FileHeaderBytes];
        if (!Recognises(header))
        {
            throw input.Error(0, "no pcap file: none of the format's magic numbers is at its beginning.");
        }

        _order = new ByteOrder(IsMagic(BinaryPrimitives.ReadUInt32BigEndian(header)));
        uint magic = _order.Word(header, 0);
        if (_order.Half(header, 4) != Version)
        {
            throw input.Error(0, $"pcap of version {_order.Half(header, 4)}; there is {Version} alone.");
        }

        _minorVersion = _order.Half(header, 6);
        _fractionNs = magic == Nanoseconds ? 1 : 1000;
        _headerBytes = magic == Kuznetzov ? KuznetzovHeaderBytes : RecordHeaderBytes;
        LinkType link = (LinkType)(_order.Word(header, 20) & LinkTypeMask);
        _hasDirection = magic == Kuznetzov || link is LinkType.LinuxSll or LinkType.LinuxSll2;
        _interfaces =
        [
            new(link, _order.Word(header, 16))
            {
                TimeResolution = (byte)(magic == Nanoseconds ? 9 : 6), IsBigEndian = _order.IsBigEndian, Record = header.ToArray(),
            },
        ];
        input.Advance(FileHeaderBytes);
    }

    public override IReadOnlyList<CaptureInterface> Interfaces => _interfaces;

    public static bool Recognises(ReadOnlySpan<byte> start) =>
        IsMagic(BinaryPrimitives.ReadUInt32LittleEndian(start)) || IsMagic(BinaryPrimitives.ReadUInt32BigEndian(start));

    private protected override int Parse(PacketBatch batch)
    {
        ReadOnlySpan<byte> window = Input.Window;
        LinkType link = _interfaces[0].LinkType;
        int at = 0;
        int needed = 0;
        while (!batch.IsFull)
        {
            ReadOnlySpan<byte> record = window[at..];
            needed = _headerBytes;
            if (record.Length < needed)
            {
                break;
            }

            uint captured = _order.Word(record, 8);
            uint wire = _order.Word(record, 12);
            if (_minorVersion <= MixedMinorVersion && (_minorVersion < MixedMinorVersion || captured > wire))
            {
                (captured, wire) = (wire, captured);
            }

            if (captured > BlockReader.MostCapturedBytes)
            {
                Input.Advance(at);
                throw Input.Error(Input.Offset, $"a packet of {captured} captured bytes; at most {BlockReader.MostCapturedBytes} are possible.");
            }

            needed += (int)captured;
            if (record.Length < needed)
            {
                break;
            }

            ref PacketRecord packet = ref batch.Add(Input.Block);
            packet.TimeNs = (_order.Word(record, 0) * 1_000_000_000L) + (_order.Word(record, 4) * _fractionNs);
            packet.Number = ++Packets;
            packet.RecordOffset = Input.Position + at;
            packet.RecordLength = needed;
            packet.DataOffset = packet.RecordOffset + _headerBytes;
            packet.CapturedLength = (int)captured;
            packet.WireLength = wire;
            packet.LinkType = link;
            packet.Interface = 0;
            packet.Kind = PacketKind.Packet;
            packet.Direction = _hasDirection ? Direction(link, record[..needed]) : PacketDirection.Unknown;
            packet.Traits = RecordTraits.None;
            at += needed;
            needed = 0;
        }

        Input.Advance(at);
        return needed;
    }

    private static bool IsMagic(uint word) => word is Microseconds or Nanoseconds or Kuznetzov;

    private PacketDirection Direction(LinkType link, ReadOnlySpan<byte> record) => _headerBytes == KuznetzovHeaderBytes
        ? CookedDirections.Of(record[KuznetzovPacketType])
        : CookedDirections.Of(link, record[_headerBytes..]);
}
