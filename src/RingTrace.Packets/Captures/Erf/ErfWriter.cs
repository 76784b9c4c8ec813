using System.Buffers.Binary;
using RingTrace.Packets.Output;

namespace RingTrace.Packets.Captures.Erf;

/// <summary>ERF: records of ERF sources as they stand; others get a header of 16 bytes, Ethernet two more.</summary>
internal sealed class ErfWriter(CaptureOutput output, CaptureWriterOptions options)
    : CaptureWriter(output, CaptureFormat.Erf, options)
{
    private const byte TypeHdlc = 1;
    private const byte TypeEthernet = 2;
    private const byte TypeIPv4 = 22;
    private const byte TypeIPv6 = 23;
    private const int HeaderBytes = 16;

    /// <summary>Before the frame: an offset and a pad.</summary>
    private const int EthernetPadBytes = 2;

    /// <summary>The record's length varies with what was captured.</summary>
    private const byte VaryingLength = 4;
    private const int Interfaces = 4;
    private const long SecondNs = 1_000_000_000;

    private protected override void WritePacket(in Packet packet, CaptureReader source)
    {
        if (source.Format == CaptureFormat.Erf)
        {
            Output.Write(packet.Record);
            return;
        }

        if (packet.LinkType == LinkType.Erf && IsRecord(packet.Data))
        {
            Output.Write(packet.Data);
        }
        else
        {
            WriteRecord(packet, source);
        }

        Losses.CountBeside(packet, source);
    }

    private protected override void WriteMeta(in Packet record, CaptureReader source)
    {
        if (source.Format == CaptureFormat.Erf)
        {
            Output.Write(record.Record);
        }
        else
        {
            Losses.MetaRecords++;
        }
    }

    private static bool IsRecord(ReadOnlySpan<byte> data) =>
        data.Length >= HeaderBytes && BinaryPrimitives.ReadUInt16BigEndian(data[10..]) == data.Length;

    private void WriteRecord(in Packet packet, CaptureReader source)
    {
        byte type = TypeOf(packet, source);
        int before = HeaderBytes + (type == TypeEthernet ? EthernetPadBytes : 0);
        if (packet.CapturedLength > ushort.MaxValue - before || packet.WireLength > ushort.MaxValue)
        {
            throw Refusal(packet, source,
                $"has {packet.CapturedLength} captured bytes of {packet.WireLength}, an ERF record holds up to {ushort.MaxValue - before}: write pcapng.");
        }

        if (packet.TimeNs < 0 || packet.TimeNs / SecondNs > uint.MaxValue)
        {
            throw Refusal(packet, source, "has a time before 1970 or after 2106, which ERF can't hold: write pcapng.");
        }

        Span<byte> header = stackalloc byte[HeaderBytes + EthernetPadBytes];
        header.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(header, ErfTimes.CeilingOf(packet.TimeNs));
        header[8] = type;
        header[9] = (byte)(VaryingLength | (packet.Interface % Interfaces));
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], (ushort)(before + packet.CapturedLength));
        BinaryPrimitives.WriteUInt16BigEndian(header[14..], (ushort)packet.WireLength);
        Output.Write(header[..before]);
        Output.Write(packet.Data);

        Losses.Interfaces += packet.Interface >= Interfaces ? 1 : 0;

        // The port says it: the first is taken for the way out, the second for the way in.
        PacketDirection said = packet.Interface % 2 == 0 ? PacketDirection.Outbound : PacketDirection.Inbound;
        Losses.Directions += packet.Direction != PacketDirection.Unknown && packet.Direction != said ? 1 : 0;
    }

    private byte TypeOf(in Packet packet, CaptureReader source) => packet.LinkType switch
    {
        LinkType.Ethernet => TypeEthernet,
        LinkType.PppHdlc or LinkType.CiscoHdlc => TypeHdlc,
        LinkType.IPv4 => TypeIPv4,
        LinkType.IPv6 => TypeIPv6,
        LinkType.Raw or LinkType.RawBsd or LinkType.RawOpenBsd when packet.Data is [>= 0x40 and < 0x50, ..] => TypeIPv4,
        LinkType.Raw or LinkType.RawBsd or LinkType.RawOpenBsd when packet.Data is [>= 0x60 and < 0x70, ..] => TypeIPv6,
        _ => throw Refusal(packet, source, $"has link type {(int)packet.LinkType}, which ERF has no type for: write pcapng."),
    };
}
