using System.Buffers.Binary;
using RingTrace.Packets.Captures.Pcapng;
using RingTrace.Packets.Output;

namespace RingTrace.Packets.Captures.Erf;

/// <summary>ERF: records of ERF sources as they stand; others get a header of 16 bytes, Ethernet two more.</summary>
internal sealed class ErfWriter(CaptureOutput output, CaptureWriterOptions options)
    : CaptureWriter(output, CaptureFormat.Erf, options)
{
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
        int type = TypeOf(packet, source);
        int before = HeaderBytes + (type == ErfTypes.Ethernet ? EthernetPadBytes : 0);
        if (packet.CapturedLength > ushort.MaxValue - before || packet.WireLength > ushort.MaxValue)
        {
            throw Refusal(packet, source,
                $"has {packet.CapturedLength} captured bytes of {packet.WireLength}, "
                + $"an ERF record holds up to {ushort.MaxValue - before}: write pcapng.");
        }

        if (packet.TimeNs < 0 || packet.TimeNs / SecondNs > uint.MaxValue)
        {
            throw Refusal(packet, source, "has a time before 1970 or after 2106, which ERF can't hold: write pcapng.");
        }

        Span<byte> header = stackalloc byte[HeaderBytes + EthernetPadBytes];
        header.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(header, TimeOf(packet, source));
        header[8] = (byte)type;
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

    /// <summary>pcapng keeps ERF's own times where its packets came from ERF; of others, the first that reads back the same.</summary>
    private static ulong TimeOf(in Packet packet, CaptureReader source)
    {
        if (ErfTimes.AreOf(source.Format))
        {
            return packet.ErfTime;
        }

        return source.Format == CaptureFormat.Pcapng
            && source.Interfaces[packet.Interface] is { TimeResolution: ErfTimes.Resolution, TimeOffset: 0 } described
            ? PcapngPackets.TimeOf(packet.Record, new ByteOrder(described.IsBigEndian)) : ErfTimes.CeilingOf(packet.TimeNs);
    }

    private int TypeOf(in Packet packet, CaptureReader source) => packet.LinkType switch
    {
        LinkType.Ethernet => ErfTypes.Ethernet,
        LinkType.PppHdlc or LinkType.CiscoHdlc => ErfTypes.Hdlc,
        LinkType.IPv4 => ErfTypes.IPv4,
        LinkType.IPv6 => ErfTypes.IPv6,
        LinkType.Raw or LinkType.RawBsd or LinkType.RawOpenBsd when packet.Data is [>= 0x40 and < 0x50, ..] => ErfTypes.IPv4,
        LinkType.Raw or LinkType.RawBsd or LinkType.RawOpenBsd when packet.Data is [>= 0x60 and < 0x70, ..] => ErfTypes.IPv6,
        _ => throw Refusal(packet, source, $"has link type {(int)packet.LinkType}, which ERF has no type for: write pcapng."),
    };
}
