using System.Text;
using RingTrace.Packets.Blocks;

namespace RingTrace.Packets.Captures.Pcapng;

/// <summary>The interfaces of all sections of a pcapng file, as far as it was read. How much they may take is bounded.</summary>
internal sealed class PcapngInterfaces(BlockReader input)
{
    private const int MostInterfaces = ushort.MaxValue;

    private readonly List<CaptureInterface> _all = [];
    private readonly List<long> _lost = [];
    private int _section = -1;
    private int _first;
    private long _bytes;

    /// <summary>Of all sections, in the order of the file.</summary>
    public IReadOnlyList<CaptureInterface> All => _all;

    public void BeginSection()
    {
        _section++;
        _first = _all.Count;
    }

    /// <summary>Takes an interface's block.</summary>
    public void Add(ReadOnlySpan<byte> record, ByteOrder order)
    {
        _bytes += record.Length;
        if (_all.Count == MostInterfaces || _bytes > BlockReader.MostRecordBytes)
        {
            throw input.Error(
                input.Offset, $"more than {MostInterfaces} interfaces, or more than {BlockReader.MostRecordBytes >> 20} MiB about them.");
        }

        CaptureInterface described = new((LinkType)order.Half(record, 8), order.Word(record, 12))
        {
            Section = _section,
            IsBigEndian = order.IsBigEndian,
            Record = record.ToArray(),
        };
        PcapngOptions options = new(record[PcapngBlocks.InterfaceOptions..^sizeof(uint)], order);
        while (options.TryNext(out int code, out ReadOnlySpan<byte> value))
        {
            described = code switch
            {
                PcapngOptions.InterfaceName => described with { Name = Encoding.UTF8.GetString(value) },
                PcapngOptions.InterfaceDescription => described with { Description = Encoding.UTF8.GetString(value) },
                PcapngOptions.InterfaceTimeResolution when value.Length == 1 => described with { TimeResolution = value[0] },
                PcapngOptions.InterfaceTimeOffset when value.Length == sizeof(ulong) =>
                    described with { TimeOffset = (long)order.Long(value, 0) },
                _ => described,
            };
        }

        _all.Add(described);
        _lost.Add(0);
    }

    /// <summary>Which of all an interface of this section is.</summary>
    public ushort? Find(uint number) => number < (uint)(_all.Count - _first) ? (ushort)(_first + (int)number) : null;

    /// <summary>How many more packets an interface lost than it said before.</summary>
    public long LostSince(int index, long lost)
    {
        long more = Math.Max(lost - _lost[index], 0);
        _lost[index] = Math.Max(lost, _lost[index]);
        return more;
    }
}
