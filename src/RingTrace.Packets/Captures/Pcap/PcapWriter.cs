using RingTrace.Packets.Output;

namespace RingTrace.Packets.Captures.Pcap;

/// <summary>
/// pcap. When all sources are pcap files of one kind, header and records are copied as they stand; else it has the byte order of
/// the first source, and nanoseconds when a source tells them apart.
/// </summary>
internal sealed class PcapWriter(CaptureOutput output, CaptureWriterOptions options)
    : CaptureWriter(output, CaptureFormat.Pcap, options)
{
    private const uint Microseconds = 0xA1B2C3D4;
    private const uint Nanoseconds = 0xA1B23C4D;

    /// <summary>Magic number and version: what says how a record is to be read.</summary>
    private const int KindBytes = 8;

    private const int HeaderBytes = 24;
    private const int SnapLengthOffset = 16;
    private const int RecordHeaderBytes = 16;
    private const ushort MajorVersion = 2;
    private const ushort MinorVersion = 4;
    private const int Second = 1_000_000_000;
    private const int Microsecond = 1_000;

    /// <summary>What a file has whose sources don't say how much of a packet they kept: tcpdump's, and the most that readers take.</summary>
    private const uint UsualSnapLength = 262_144;

    private LinkType _link = (LinkType)(-1);
    private ByteOrder _order;
    private long _unitNs;
    private bool _isCopied;

    private protected override void WritePacket(in Packet packet, CaptureReader source)
    {
        if (packet.LinkType != _link)
        {
            Meet(packet, source);
        }

        if (_isCopied)
        {
            Output.Write(packet.Record);
            return;
        }

        WriteRecord(packet, source);
        if (source.Format != CaptureFormat.Pcap)
        {
            CountLosses(packet, source);
        }
    }

    private protected override void WriteMeta(in Packet record, CaptureReader source) => Losses.MetaRecords++;

    private protected override void Finish()
    {
        if (_unitNs == 0)
        {
            WriteHeader(Sources is [var source, ..] && source.Interfaces is [var first, ..] ? first.LinkType : LinkType.Ethernet);
        }
    }

    private void Meet(in Packet packet, CaptureReader source)
    {
        if (_unitNs != 0)
        {
            throw Refusal(packet, source,
                $"has link type {(int)packet.LinkType}, those before it {(int)_link}, and a pcap file has one: write pcapng.");
        }

        WriteHeader(packet.LinkType);
    }

    private void WriteHeader(LinkType link)
    {
        _link = link;
        CaptureInterface[] interfaces = [.. Sources.SelectMany(source => source.Interfaces)];
        ReadOnlyMemory<byte> copied = interfaces is [var first, ..] ? first.Record : default;
        bool isFine = Options.Nanoseconds || Sources.Any(source => ErfTimes.AreOf(source.Format)) || interfaces.Any(IsFine);
        _order = new ByteOrder(interfaces is [{ IsBigEndian: true }, ..]);
        _unitNs = isFine ? 1 : Microsecond;
        _isCopied = copied.Length == HeaderBytes
            && Sources.All(source => source.Format == CaptureFormat.Pcap)
            && interfaces.All(other => other.Record.Span[..KindBytes].SequenceEqual(copied.Span[..KindBytes]))
            && (!Options.Nanoseconds || IsFine(interfaces[0]));

        Span<byte> header = stackalloc byte[HeaderBytes];
        header.Clear();
        if (_isCopied)
        {
            copied.Span.CopyTo(header);
        }
        else
        {
            _order.Put(header, 0, isFine ? Nanoseconds : Microseconds);
            _order.Put(header, 4, MajorVersion);
            _order.Put(header, 6, MinorVersion);
            _order.Put(header, 20, (uint)link);
        }

        if (!_isCopied || Sources.Count > 1)
        {
            uint snap = interfaces.Length == 0 || interfaces.Any(other => other.SnapLength == 0)
                ? UsualSnapLength : interfaces.Max(other => other.SnapLength);
            _order.Put(header, SnapLengthOffset, snap);
        }

        Output.Write(header);
    }

    private void WriteRecord(in Packet packet, CaptureReader source)
    {
        (long seconds, long rest) = Math.DivRem(packet.TimeNs, Second);
        if (seconds is < 0 or > uint.MaxValue || rest < 0)
        {
            throw Refusal(packet, source, "has a time before 1970 or after 2106, which pcap can't hold: write pcapng.");
        }

        Span<byte> header = stackalloc byte[RecordHeaderBytes];
        (long fraction, long cut) = Math.DivRem(rest, _unitNs);
        _order.Put(header, 0, (uint)seconds);
        _order.Put(header, 4, (uint)fraction);
        _order.Put(header, 8, (uint)packet.CapturedLength);
        _order.Put(header, 12, packet.WireLength);
        Output.Write(header);
        Output.Write(packet.Data);
        Losses.FineTimes += cut != 0 ? 1 : 0;
    }

    private void CountLosses(in Packet packet, CaptureReader source)
    {
        Losses.CountBeside(packet, source);
        Losses.Interfaces += packet.Interface != 0 ? 1 : 0;

        // A cooked header says it itself.
        Losses.Directions += packet.Direction != PacketDirection.Unknown && packet.LinkType is not (LinkType.LinuxSll or LinkType.LinuxSll2) ? 1 : 0;
    }

    /// <summary>Whether its times tell less than a microsecond apart; a unit is 10^-n seconds, or 2^-n where the top bit is set.</summary>
    private static bool IsFine(CaptureInterface source) => source.TimeResolution is > 6 and < 0x80 or > 0x80 + 19;
}
