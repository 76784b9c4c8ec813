using System.Buffers.Binary;
using RingTrace.Packets.Blocks;

namespace RingTrace.Packets.Captures.Erf;

/// <summary>
/// ERF: no file header; each record has a header of 16 bytes (time, type, flags, length, losses, length on the wire), extension
/// headers of 8 bytes, for some types a few bytes more, and the packet. Times are little-endian, all else is big-endian.
/// </summary>
internal sealed class ErfReader(BlockReader input) : RecordReader(input, CaptureFormat.Erf)
{
    private const int HeaderBytes = 16;
    private const int ExtensionBytes = 8;
    private const int MoreExtensions = 0x80;

    /// <summary>An extension header's type: the lower half of its eight bytes is the hash of the packet's flow.</summary>
    private const int FlowIdentity = 16;
    private const int HashTypeOffset = 2;
    private const int FlowHashOffset = 4;
    private const int PortMask = 3;
    private const int DamagedFlag = 0x10;
    private const int TypeOffset = 8;
    private const int FlagsOffset = 9;
    private const int LengthOffset = 10;
    private const int LossOffset = 12;
    private const int WireOffset = 14;

    /// <summary>So many records must make sense before a file without a magic number is taken for ERF, as far as they are there.</summary>
    private const int RecordsToRecognise = 8;

    private readonly Ports _ports = new();

    public override IReadOnlyList<CaptureInterface> Interfaces => _ports.Interfaces;

    /// <summary>Whether it begins with a whole record, and what else is there makes sense too.</summary>
    public static bool Recognises(BlockReader input)
    {
        if (!input.Ensure(HeaderBytes) || !IsSound(input.Window) || !input.Ensure(Length(input.Window)))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = input.Window;
        for (int i = 0; i < RecordsToRecognise && rest.Length >= HeaderBytes; i++)
        {
            if (!IsSound(rest))
            {
                return false;
            }

            rest = rest[Math.Min(Length(rest), rest.Length)..];
        }

        return true;
    }

    private protected override int Measure(ReadOnlySpan<byte> window)
    {
        if (window.Length < HeaderBytes)
        {
            return HeaderBytes;
        }

        int length = Length(window);
        return length >= HeaderBytes ? length : throw Damage($"an ERF record of {length} bytes; it takes {HeaderBytes} at least.");
    }

    private protected override void Describe(ReadOnlySpan<byte> record, ref PacketRecord packet)
    {
        int type = record[TypeOffset] & ErfTypes.Mask;
        (LinkType link, int before) = ErfTypes.Layout(type);
        packet.TimeNs = ErfTimes.ToNanoseconds(BinaryPrimitives.ReadUInt64LittleEndian(record));
        packet.Traits = RecordTraits.BeginsWithErfTime;
        FindFlowHash(record, ref packet);
        packet.LinkType = link;
        packet.DataOffset = link == LinkType.Erf && !ErfTypes.IsMeta(type) ? 0 : HeadersEnd(record) + before;
        if (packet.DataOffset > record.Length)
        {
            throw Damage($"the headers of an ERF record of type {type} take {packet.DataOffset} bytes, the record has {record.Length}.");
        }

        packet.WireLength = BinaryPrimitives.ReadUInt16BigEndian(record[WireOffset..]);
        packet.CapturedLength = record.Length - packet.DataOffset;
        if (ErfTypes.IsMeta(type))
        {
            packet.Kind = PacketKind.Meta;
            packet.WireLength = 0;
        }
        else if (link != LinkType.Erf)
        {
            // Records are padded to eight bytes: what goes beyond the packet is none of it.
            packet.CapturedLength = (int)Math.Min(packet.CapturedLength, packet.WireLength);
        }

        Damaged += (record[FlagsOffset] & DamagedFlag) != 0 && packet.Kind == PacketKind.Packet ? 1 : 0;
        if (ErfTypes.CountsLosses(type))
        {
            Lost += BinaryPrimitives.ReadUInt16BigEndian(record[LossOffset..]);
        }

        _ports.Mark(ref packet, record[FlagsOffset] & PortMask);
    }

    private static int Length(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt16BigEndian(header[LengthOffset..]);

    private static bool IsSound(ReadOnlySpan<byte> header) =>
        ErfTypes.IsKnown(header[TypeOffset] & ErfTypes.Mask) && Length(header) >= HeaderBytes;

    private static void FindFlowHash(ReadOnlySpan<byte> record, ref PacketRecord packet)
    {
        int type = record[TypeOffset];
        for (int at = HeaderBytes; (type & MoreExtensions) != 0 && record.Length - at >= ExtensionBytes; at += ExtensionBytes)
        {
            type = record[at];
            if ((type & ErfTypes.Mask) == FlowIdentity)
            {
                packet.FlowHash = BinaryPrimitives.ReadUInt32BigEndian(record[(at + FlowHashOffset)..]);

                // A hash of no type is one that was not made; some cards leave out the type alone.
                packet.Traits |= (record[at + HashTypeOffset] | packet.FlowHash) != 0 ? RecordTraits.HasFlowHash : RecordTraits.None;
            }
        }
    }

    /// <summary>Where the extension headers end; one more than the record has when they don't.</summary>
    private static int HeadersEnd(ReadOnlySpan<byte> record)
    {
        int end = HeaderBytes;
        bool isMore = (record[TypeOffset] & MoreExtensions) != 0;
        while (isMore)
        {
            if (record.Length - end < ExtensionBytes)
            {
                return record.Length + 1;
            }

            isMore = (record[end] & MoreExtensions) != 0;
            end += ExtensionBytes;
        }

        return end;
    }
}
