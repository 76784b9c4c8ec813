using RingTrace.Packets.Output;

namespace RingTrace.Packets.Captures.Pcapng;

/// <summary>A section in the making: its header, then interfaces and packets as they come.</summary>
internal sealed class PcapngSection
{
    private const ushort MajorVersion = 1;
    private const ushort MinorVersion = 0;
    private const int ByteOrderOffset = 8;
    private const int VersionOffset = 12;
    private const int EndBytes = 4;
    private const int Program = 4;
    private const uint Inbound = 1;
    private const uint Outbound = 2;
    private const byte Microseconds = 6;
    private const byte Nanoseconds = 9;

    private readonly CaptureOutput _output;
    private readonly PcapngBlock _block;
    private int _interfaces;

    private PcapngSection(CaptureOutput output, ByteOrder order) => (_output, _block) = (output, new PcapngBlock(order));

    public ByteOrder Order => _block.Order;

    /// <summary>Begins one of our own.</summary>
    public static PcapngSection New(CaptureOutput output, ByteOrder order)
    {
        PcapngSection section = new(output, order);
        section.BeginHeader(MajorVersion, MinorVersion);
        section._block.Option(Program, "RingTrace"u8);
        section._block.EndOptions();
        section._block.WriteTo(output);
        return section;
    }

    /// <summary>Begins one that says of machine and program what another's header says.</summary>
    public static PcapngSection Like(CaptureOutput output, ReadOnlySpan<byte> header)
    {
        PcapngSection section = new(output, OrderOf(header));
        section.BeginHeader(section.Order.Half(header, VersionOffset), section.Order.Half(header, VersionOffset + sizeof(ushort)));
        section._block.Bytes(header[PcapngBlocks.SectionOptions..^EndBytes]);
        section._block.WriteTo(output);
        return section;
    }

    /// <summary>Whether a block begins a section; it reads the same in both byte orders.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> block) => new ByteOrder().Word(block, 0) == PcapngBlocks.SectionHeader;

    /// <summary>Whether a block says something that holds for all of its section: the section itself, an interface, names, keys.</summary>
    public static bool HoldsForAll(ReadOnlySpan<byte> block, ByteOrder order) => order.Word(block, 0)
        is PcapngBlocks.SectionHeader or PcapngBlocks.InterfaceDescription or PcapngBlocks.NameResolution or PcapngBlocks.DecryptionSecrets;

    /// <summary>The byte order that a section's header says.</summary>
    public static ByteOrder OrderOf(ReadOnlySpan<byte> header) =>
        new(bigEndian: new ByteOrder(bigEndian: true).Word(header, ByteOrderOffset) == PcapngBlocks.ByteOrderMagic);

    /// <summary>The time of a packet from a source that is not pcapng, in the unit that its interface is described with.</summary>
    public static ulong TimeOf(in Packet packet, CaptureInterface source, CaptureFormat format) => UnitOf(source, format) switch
    {
        Microseconds => (ulong)packet.TimeNs / 1000,
        ErfTimes.Resolution => packet.ErfTime,
        _ => (ulong)packet.TimeNs,
    };

    /// <summary>Describes the next interface.</summary>
    /// <returns>Whether all that is known of it could be written.</returns>
    public bool WriteInterface(CaptureInterface source, LinkType link, CaptureFormat format, out int number)
    {
        number = _interfaces++;
        _block.Begin(PcapngBlocks.InterfaceDescription);
        _block.Half((int)link);
        _block.Half(0);
        _block.Word(source.SnapLength);
        bool all = true;
        if (format == CaptureFormat.Pcapng)
        {
            all = _block.Options(PcapngBlocks.InterfaceDescription,
                source.Record.Span[PcapngBlocks.InterfaceOptions..^EndBytes], new ByteOrder(source.IsBigEndian));
        }
        else
        {
            WriteOptions(source, UnitOf(source, format));
        }

        _block.WriteTo(_output);
        return all;
    }

    /// <summary>Writes a packet of the first interface, without a time.</summary>
    public void WriteSimple(in Packet packet)
    {
        _block.Begin(PcapngBlocks.SimplePacket);
        _block.Word(packet.WireLength);
        _block.Bytes(packet.Data);
        _block.WriteTo(_output);
    }

    /// <summary>Begins a packet; <see cref="EndPacket(PacketDirection)"/> or its like ends it.</summary>
    public void BeginPacket(int number, ulong time, in Packet packet)
    {
        _block.Begin(PcapngBlocks.EnhancedPacket);
        _block.Word((uint)number);
        _block.Word((uint)(time >> 32));
        _block.Word((uint)time);
        _block.Word((uint)packet.CapturedLength);
        _block.Word(packet.WireLength);
        _block.Bytes(packet.Data);
    }

    public void EndPacket(PacketDirection direction)
    {
        uint flags = direction switch { PacketDirection.Inbound => Inbound, PacketDirection.Outbound => Outbound, _ => 0 };
        if (flags != 0)
        {
            _block.Option(PcapngOptions.PacketFlags, flags);
            _block.EndOptions();
        }

        _block.WriteTo(_output);
    }

    /// <returns>Whether all options are there.</returns>
    public bool EndPacket(uint type, ReadOnlySpan<byte> options, ByteOrder from)
    {
        bool all = _block.Options(type, options, from);
        _block.WriteTo(_output);
        return all;
    }

    /// <returns>Whether all options are there.</returns>
    public bool WriteStatistics(int number, ReadOnlySpan<byte> block, ByteOrder from)
    {
        const int time = 12;
        _block.Begin(PcapngBlocks.InterfaceStatistics);
        _block.Word((uint)number);
        _block.Word(from.Word(block, time));
        _block.Word(from.Word(block, time + sizeof(uint)));
        bool all = _block.Options(PcapngBlocks.InterfaceStatistics, block[PcapngBlocks.StatisticsOptions..^EndBytes], from);
        _block.WriteTo(_output);
        return all;
    }

    private void BeginHeader(ushort major, ushort minor)
    {
        _block.Begin(PcapngBlocks.SectionHeader);
        _block.Word(PcapngBlocks.ByteOrderMagic);
        _block.Half(major);
        _block.Half(minor);
        _block.Long(ulong.MaxValue);
    }

    /// <summary>The unit in which the times of a source that is not pcapng are kept; none is lost.</summary>
    private static byte UnitOf(CaptureInterface source, CaptureFormat format) =>
        ErfTimes.AreOf(format) ? ErfTimes.Resolution : source.TimeResolution == Microseconds ? Microseconds : Nanoseconds;

    private void WriteOptions(CaptureInterface source, byte unit)
    {
        bool any = false;
        Write(PcapngOptions.InterfaceName, source.Name);
        Write(PcapngOptions.InterfaceDescription, source.Description);
        if (unit != Microseconds)
        {
            _block.Option(PcapngOptions.InterfaceTimeResolution, [unit]);
            any = true;
        }

        if (any)
        {
            _block.EndOptions();
        }

        void Write(int code, string? text)
        {
            if (text is not null)
            {
                _block.Option(code, System.Text.Encoding.UTF8.GetBytes(text));
                any = true;
            }
        }
    }
}
