using System.Runtime.InteropServices;
using RingTrace.Buffers;

namespace RingTrace.Torture.Kills;

/// <summary>The packets of one stream file, as their headers stand in it.</summary>
internal sealed class PacketList
{
    private PacketList(PacketHeader[] headers) => Headers = headers;

    public IReadOnlyList<PacketHeader> Headers { get; }

    public int Cpu => (int)Headers[0].Cpu;

    /// <summary>How many sub-buffers came before the first.</summary>
    public ulong First => Headers[0].Sequence;

    /// <summary>When the first begins, in the clock's ticks.</summary>
    public ulong Begin => Headers[0].TimestampBegin;

    /// <summary>Packets that are missing between two others.</summary>
    public ulong Gaps => Headers[^1].Sequence - First + 1 - (ulong)Headers.Count;

    /// <summary>Those of every stream of a trace; a stream without packets is left out.</summary>
    /// <exception cref="InvalidDataException">A header is not sane, or packets are doubled or out of order.</exception>
    public static List<PacketList> Of(string trace) =>
    [
        .. Directory.EnumerateFiles(trace).Where(file => Path.GetFileName(file) != "metadata")
            .Select(file => new PacketList([.. Walk(File.ReadAllBytes(file), Path.GetFileName(file))]))
            .Where(list => list.Headers.Count > 0),
    ];

    private static IEnumerable<PacketHeader> Walk(byte[] file, string name)
    {
        PacketHeader before = default;
        for (int at = 0; at < file.Length;)
        {
            PacketHeader header = file.Length - at < PacketHeader.Size ? default
                : MemoryMarshal.Read<PacketHeader>(file.AsSpan(at));
            int content = (int)(header.End.ContentBits / 8), size = (int)(header.End.PacketBits / 8);
            bool isFirst = at == 0;
            bool isSane = header.Magic == PacketHeader.MagicValue && PacketHeader.Size <= content && content <= size
                && size <= file.Length - at && header.TimestampBegin <= header.End.Timestamp
                && (isFirst || (header.Sequence > before.Sequence && header.TimestampBegin >= before.End.Timestamp
                    && header.EventsDiscarded >= before.EventsDiscarded && header.Cpu == before.Cpu));
            if (!isSane)
            {
                throw new InvalidDataException($"{name}: packet {header.Sequence} at {at} after {before.Sequence} is not sane");
            }

            if (file.AsSpan(at + content, size - content).ContainsAnyExcept((byte)0))
            {
                throw new InvalidDataException($"{name}: packet {header.Sequence} ends in stale bytes");
            }

            yield return before = header;
            at += size;
        }
    }
}
