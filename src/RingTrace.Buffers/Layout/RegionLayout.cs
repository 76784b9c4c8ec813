using System.Text;

namespace RingTrace.Buffers;

/// <summary>
/// Where everything lies in a region's two files:
/// <code>
///  .ring  header | channels | schema heap | words of every CPU | locations, data of CPU 0 | of CPU 1 | ...
///  .ctl   control words, id words of CPU 0 | of CPU 1 | ... | command page
/// </code>
/// There is room for every CPU the machine may have; memory is taken for those that get a buffer.
/// </summary>
internal sealed class RegionLayout
{
    private const int PageSize = 4096;

    public RegionLayout(IReadOnlyList<ChannelOptions> channels, int cpuCount, int schemaLength)
    {
        if (channels.Count is 0 or > RegionHeader.MaxChannels)
        {
            throw new ArgumentException($"A region has 1 to {RegionHeader.MaxChannels} channels.", nameof(channels));
        }

        if (schemaLength < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(schemaLength), schemaLength, "The schema heap has no negative size.");
        }

        CheckNames(channels);
        CpuCount = cpuCount;
        SchemaOffset = RegionHeader.Length + (RegionHeader.MaxChannels * ChannelHeader.Length);
        SchemaLength = Align(schemaLength);
        long ring = SchemaOffset + SchemaLength;
        Channels = new ChannelHeader[channels.Count];
        for (int i = 0; i < channels.Count; i++)
        {
            ChannelOptions options = channels[i];
            if (options.Mode is not (RingMode.Overwrite or RingMode.Discard))
            {
                throw new ArgumentException($"Channel {options.Name}: mode {options.Mode} is not known.", nameof(channels));
            }

            RingGeometry geometry = new(options.SubBufferSize, options.SubBufferCount, options.SpareCount);
            ref ChannelHeader channel = ref Channels[i];
            channel.Mode = options.Mode;
            channel.SubBufferSize = options.SubBufferSize;
            channel.SubBufferCount = options.SubBufferCount;
            channel.SpareCount = options.SpareCount;
            FixedText.Write(channel.Name, options.Name);
            channel.WordsOffset = ring;
            ring = Align(ring + ((long)cpuCount * BufferWords.Length));
            channel.ControlOffset = ControlLength;
            channel.ControlStride = Align(ControlWords.Length + (geometry.Count * sizeof(ulong)));
            ControlLength += cpuCount * channel.ControlStride;
        }

        CommandOffset = ControlLength;
        ControlLength += RegionHeader.CommandLength;
        FixedLength = ring;
        for (int i = 0; i < Channels.Length; i++)
        {
            ref ChannelHeader channel = ref Channels[i];
            RingGeometry geometry = channel.Geometry;
            long locations = Align((long)geometry.Count * Location.Length);
            channel.LocationsOffset = ring;
            channel.DataOffset = ring + locations;
            channel.LocationsStride = channel.DataStride = Align(locations + geometry.DataLength);
            ring += cpuCount * channel.DataStride;
        }

        RingLength = ring;
    }

    public ChannelHeader[] Channels { get; }

    public int CpuCount { get; }

    public long SchemaOffset { get; }

    public long SchemaLength { get; }

    /// <summary>The bytes before the first buffer.</summary>
    public long FixedLength { get; }

    public long RingLength { get; }

    public long ControlLength { get; }

    /// <summary>Where in the <c>.ctl</c> file the command page begins.</summary>
    public long CommandOffset { get; }

    /// <summary>The bytes of the <c>.ring</c> file that one buffer takes.</summary>
    public (long Offset, long Length) BufferRange(int channel, int cpu) =>
        (Channels[channel].LocationsOffset + (cpu * Channels[channel].LocationsStride), Channels[channel].DataStride);

    private static void CheckNames(IReadOnlyList<ChannelOptions> channels)
    {
        foreach (ChannelOptions channel in channels)
        {
            if (Encoding.UTF8.GetByteCount(channel.Name) is 0 or >= ChannelHeader.NameLength)
            {
                throw new ArgumentException(
                    $"Channel name \"{channel.Name}\": 1 to {ChannelHeader.NameLength - 1} bytes of UTF-8.", nameof(channels));
            }

            if (channels.Count(other => other.Name == channel.Name) > 1)
            {
                throw new ArgumentException($"Two channels are named {channel.Name}.", nameof(channels));
            }
        }
    }

    private static long Align(long length) => (length + PageSize - 1) & ~(PageSize - 1L);
}

/// <summary>One kind of retention: how much, and what happens when it is full.</summary>
public sealed record ChannelOptions
{
    /// <summary>The channel's name, up to 63 bytes of UTF-8.</summary>
    public string Name { get; init; } = "default";

    /// <summary>Flight recorder, or streaming.</summary>
    public RingMode Mode { get; init; } = RingMode.Overwrite;

    /// <summary>Bytes of a sub-buffer: 2^k, 4 KiB to 1 GiB. A record may be at most half of it.</summary>
    public int SubBufferSize { get; init; } = 64 * 1024;

    /// <summary>Sub-buffers per CPU: 2^k, at least 2. Many small ones lose less at once than few large ones.</summary>
    public int SubBufferCount { get; init; } = 64;

    /// <summary>Page sets per CPU for readers; 1 in overwrite mode unless zero-copy readers want more, at most 8; 0 in discard mode.</summary>
    public int SpareCount { get; init; } = 1;

    /// <summary>Where W begins; tests put it near the end of its range.</summary>
    internal ulong? Start { get; init; }
}
