namespace RingTrace.Formats.Merging;

/// <summary>Where a packet stands in its file.</summary>
internal readonly record struct PacketPlace(string File, long Offset, long Bytes, long ContentBits);

/// <summary>
/// The packets of one ring out of several traces of it, each once and in their order: snapshots of one process overlap. Of a
/// packet that was open in one and fuller in another, the fuller is the one.
/// </summary>
internal sealed class PacketRun
{
    private readonly SortedDictionary<ulong, PacketPlace> _packets = [];

    /// <summary>How many packets were there more than once.</summary>
    public long Doubled { get; private set; }

    public int Count => _packets.Count;

    public IEnumerable<PacketPlace> Packets => _packets.Values;

    /// <summary>Takes the packets of a stream's file, as far as it is sound.</summary>
    /// <exception cref="MergeException">They bear no numbers.</exception>
    public void Add(StreamInfo stream, StreamFile file)
    {
        using PacketReader reader = new(stream.Schema.Trace, new FileSource(file.Path), file.Length);
        while (reader.TryReadHeader(out PacketHeader packet))
        {
            if (packet.SequenceNumber is not { } number)
            {
                throw new MergeException($"{stream.Trace.Directory} is one of several traces of one process, and its packets bear no "
                    + "numbers: nothing says which of them are in both. Merge only one of them.");
            }

            PacketPlace place = new(file.Path, packet.FileOffset, packet.PacketBits >> 3, packet.ContentBits);
            if (!_packets.TryAdd(number, place))
            {
                Doubled++;
                if (place.ContentBits > _packets[number].ContentBits)
                {
                    _packets[number] = place;
                }
            }
        }
    }
}
