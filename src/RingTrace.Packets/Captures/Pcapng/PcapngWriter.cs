using RingTrace.Packets.Output;

namespace RingTrace.Packets.Captures.Pcapng;

/// <summary>
/// pcapng. The blocks of a single pcapng source are copied as they stand. Else one section is written, in the byte order of the
/// first source: interfaces get new numbers, what blocks say besides stays where it can.
/// </summary>
internal sealed class PcapngWriter(CaptureOutput output, CaptureWriterOptions options)
    : CaptureWriter(output, CaptureFormat.Pcapng, options)
{
    private const int SectionLengthOffset = 16;
    private const int StatisticsInterfaceOffset = 8;
    private const int EndBytes = 4;

    private readonly Dictionary<CaptureReader, PcapngSource> _states = [];
    private PcapngSection? _section;
    private CaptureReader? _last;
    private PcapngSource _source = new();

    private bool IsCopied => Sources is [{ Format: CaptureFormat.Pcapng }];

    private protected override void WritePacket(in Packet packet, CaptureReader source)
    {
        if (IsCopied)
        {
            Output.Write(packet.Record);
            return;
        }

        PcapngSection section = Section(source);
        PcapngSource state = StateOf(source);
        while (source.Format != CaptureFormat.Pcapng && state.Described < packet.Interface)
        {
            // A port's number is all that is known of it: it stays.
            NumberOf(section, state, source, state.Described, source.Interfaces[state.Described].LinkType);
        }

        int number = NumberOf(section, state, source, packet.Interface, packet.LinkType);
        if (source.Format == CaptureFormat.Pcapng)
        {
            Rewrite(section, number, packet, source);
            return;
        }

        section.BeginPacket(number, PcapngSection.TimeOf(packet, source.Interfaces[packet.Interface], source.Format), packet);
        section.EndPacket(packet.Direction);
        Losses.CountBeside(packet, source);
    }

    private protected override void WriteMeta(in Packet record, CaptureReader source)
    {
        if (IsCopied)
        {
            Copy(record);
        }
        else if (source.Format == CaptureFormat.Pcapng)
        {
            RewriteMeta(record, source);
        }
        else
        {
            Losses.MetaRecords++;
        }
    }

    private protected override void Finish()
    {
        if (IsCopied && Bytes > 0)
        {
            return;
        }

        PcapngSection section = Section(Sources is [var first, ..] ? first : null);
        foreach (CaptureReader source in Sources)
        {
            PcapngSource state = StateOf(source);
            if (source.Format != CaptureFormat.Pcapng && state.Described == 0 && source.Interfaces is [{ LinkType: var link }, ..])
            {
                NumberOf(section, state, source, 0, link);
            }
        }
    }

    /// <summary>Of an extract a section's length would not be true.</summary>
    private void Copy(in Packet record)
    {
        if (!Options.IsExtract || !PcapngSection.IsHeader(record.Record))
        {
            Output.Write(record.Record);
            return;
        }

        Span<byte> unknown = stackalloc byte[sizeof(ulong)];
        unknown.Fill(byte.MaxValue);
        Output.Write(record.Record[..SectionLengthOffset]);
        Output.Write(unknown);
        Output.Write(record.Record[(SectionLengthOffset + sizeof(ulong))..]);
    }

    private void Rewrite(PcapngSection section, int number, in Packet packet, CaptureReader source)
    {
        ByteOrder from = StateOf(source).Order;
        uint type = from.Word(packet.Record, 0);
        if (type == PcapngBlocks.SimplePacket && number == 0)
        {
            section.WriteSimple(packet);
            return;
        }

        section.BeginPacket(number, PcapngPackets.TimeOf(packet.Record, from), packet);
        bool all = section.EndPacket(type, PcapngPackets.OptionsOf(packet, from), from);

        // What has no time gets one where the interface's times don't begin at 0.
        bool isDated = type == PcapngBlocks.SimplePacket && source.Interfaces[packet.Interface].TimeOffset != 0;
        Losses.Details += all && !isDated ? 0 : 1;
    }

    private void RewriteMeta(in Packet record, CaptureReader source)
    {
        ReadOnlySpan<byte> block = record.Record;
        PcapngSource state = StateOf(source);
        if (PcapngSection.IsHeader(block))
        {
            state.EnterSection(PcapngSection.OrderOf(block));
            if (_section is null && ReferenceEquals(source, Sources[0]))
            {
                _section = PcapngSection.Like(Output, block);
            }
            else if (block.Length > PcapngBlocks.SectionOptions + EndBytes)
            {
                // What it says of machine and program holds for this source alone.
                Losses.MetaRecords++;
            }

            return;
        }

        PcapngSection section = Section(source);
        ByteOrder from = state.Order;
        switch (from.Word(block, 0))
        {
            case PcapngBlocks.InterfaceDescription:
                int index = state.NextInterface();
                NumberOf(section, state, source, index, source.Interfaces[index].LinkType);
                break;
            case PcapngBlocks.InterfaceStatistics:
                int counted = state.IndexOf(source, from.Word(block, StatisticsInterfaceOffset));
                if (counted < 0 || !section.WriteStatistics(
                    NumberOf(section, state, source, counted, source.Interfaces[counted].LinkType), block, from))
                {
                    Losses.MetaRecords++;
                }

                break;
            case PcapngBlocks.CustomNotToCopy:
                Losses.MetaRecords++;
                break;
            default:
                if (from.IsBigEndian == section.Order.IsBigEndian)
                {
                    Output.Write(block);
                }
                else
                {
                    Losses.MetaRecords++;
                }

                break;
        }
    }

    /// <summary>The interface's number in this file; it is described when it is met first.</summary>
    private int NumberOf(PcapngSection section, PcapngSource state, CaptureReader source, int index, LinkType link)
    {
        if (!state.TryGetNumber(index, link, out int number))
        {
            if ((int)link > ushort.MaxValue)
            {
                throw new CaptureException(source.Name, source.Offset, $"link type {(int)link}, which pcapng has no room for: write pcap.");
            }

            CaptureInterface described = index < source.Interfaces.Count ? source.Interfaces[index] : new CaptureInterface(link, 0);
            if (!section.WriteInterface(described, link, source.Format, out number))
            {
                Losses.MetaRecords++;
            }

            state.SetNumber(index, link, number);
        }

        return number;
    }

    private PcapngSection Section(CaptureReader? source) =>
        _section ??= PcapngSection.New(Output, new ByteOrder(source?.Interfaces is [{ IsBigEndian: true }, ..]));

    private PcapngSource StateOf(CaptureReader source)
    {
        if (!ReferenceEquals(source, _last))
        {
            _last = source;
            if (!_states.TryGetValue(source, out PcapngSource? state))
            {
                state = new PcapngSource();
                _states.Add(source, state);
            }

            _source = state;
        }

        return _source;
    }
}
