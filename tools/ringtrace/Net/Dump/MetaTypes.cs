using System.Buffers.Binary;
using RingTrace.Packets.Captures;

namespace RingTrace.Tool.Net.Dump;

/// <summary>What the records are called that hold no packets.</summary>
internal static class MetaTypes
{
    /// <summary>Behind the time; its top bit says that extension headers follow.</summary>
    private const int ErfTypeOffset = 8;
    private const int ErfTypeMask = 0x7F;
    private const int PcapngLengthOffset = 4;

    /// <summary>In ASCII, without anything that JSON or a terminal would take amiss.</summary>
    /// <param name="record">The record as it stands in the file.</param>
    /// <param name="format">What it is written in.</param>
    public static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> record, CaptureFormat format) => format switch
    {
        CaptureFormat.Pcapng when record.Length >= 2 * sizeof(uint) => PcapngNameOf(record),
        CaptureFormat.Erf when record.Length > ErfTypeOffset => ErfNameOf(record[ErfTypeOffset] & ErfTypeMask),
        CaptureFormat.Duck => "clock"u8,
        _ => "other"u8,
    };

    private static ReadOnlySpan<byte> PcapngNameOf(ReadOnlySpan<byte> record)
    {
        // A block says how long it is, in the byte order of its section.
        bool isLittle = BinaryPrimitives.ReadUInt32LittleEndian(record[PcapngLengthOffset..]) == record.Length;
        uint type = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(record) : BinaryPrimitives.ReadUInt32BigEndian(record);
        return type switch
        {
            0x0A0D0D0A => "section_header"u8,
            1 => "interface_description"u8,
            4 => "name_resolution"u8,
            5 => "interface_statistics"u8,
            10 => "decryption_secrets"u8,
            0x0000_0BAD or 0x4000_0BAD => "custom"u8,
            _ => "other"u8,
        };
    }

    private static ReadOnlySpan<byte> ErfNameOf(int type) => type switch
    {
        27 => "provenance"u8,
        48 => "pad"u8,
        _ => "other"u8,
    };
}
