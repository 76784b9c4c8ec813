using System.Buffers.Binary;
using RingTrace.Packets.Captures.Pcapng;

namespace RingTrace.Packets.Captures;

/// <summary>What sources say and the format that is written can't hold, by cause.</summary>
public sealed class CaptureLosses
{
    /// <summary>Records about the capture: interfaces, names, statistics, keys, provenance.</summary>
    public long MetaRecords { get; internal set; }

    /// <summary>Packets whose comment is left out.</summary>
    public long Comments { get; internal set; }

    /// <summary>Packets that had something else beside their bytes: other options, extension headers, a count of lost packets.</summary>
    public long Details { get; internal set; }

    /// <summary>Packets whose time is cut to what the format can tell apart.</summary>
    public long FineTimes { get; internal set; }

    /// <summary>Packets of which the file no longer says which way they went.</summary>
    public long Directions { get; internal set; }

    /// <summary>Packets of which the file no longer says where they were captured.</summary>
    public long Interfaces { get; internal set; }

    /// <summary>Whether anything is.</summary>
    public bool Any => (MetaRecords | Comments | Details | FineTimes | Directions | Interfaces) != 0;

    /// <summary>Adds those of another file.</summary>
    public void Add(CaptureLosses other)
    {
        ArgumentNullException.ThrowIfNull(other);
        MetaRecords += other.MetaRecords;
        Comments += other.Comments;
        Details += other.Details;
        FineTimes += other.FineTimes;
        Directions += other.Directions;
        Interfaces += other.Interfaces;
    }

    /// <summary>Counts what a record has beside the packet's bytes, for a format that has no place for it.</summary>
    internal void CountBeside(in Packet packet, CaptureReader source)
    {
        switch (source.Format)
        {
            case CaptureFormat.Pcapng:
                CountOptions(packet, new ByteOrder(source.Interfaces[packet.Interface].IsBigEndian));
                break;
            case CaptureFormat.Erf:
                Details += packet.Record is [_, _, _, _, _, _, _, _, >= 0x80, ..]
                    || BinaryPrimitives.ReadUInt16BigEndian(packet.Record[12..]) != 0 ? 1 : 0;
                break;
        }
    }

    private void CountOptions(in Packet packet, ByteOrder order)
    {
        bool comment = false, detail = false;
        PcapngOptions options = new(PcapngPackets.OptionsOf(packet, order), order);
        while (options.TryNext(out int code, out _))
        {
            comment |= code == PcapngOptions.Comment;
            detail |= code is not (PcapngOptions.Comment or PcapngOptions.PacketFlags);
        }

        Comments += comment ? 1 : 0;
        Details += detail ? 1 : 0;
    }
}
