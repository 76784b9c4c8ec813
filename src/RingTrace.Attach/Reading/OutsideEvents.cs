using RingTrace.Buffers;

namespace RingTrace.Attach;

/// <summary>The events that a region knows, as far as they can be understood. They come, and never go.</summary>
internal sealed class OutsideEvents(RegionImage image)
{
    private readonly SortedDictionary<ushort, DescribedEvent> _events = [];

    /// <summary>Schemas that no record can follow.</summary>
    public int Rejected { get; private set; }

    /// <summary>How many there are now: grows, and never falls, whatever the region says of itself.</summary>
    public int Count
    {
        get
        {
            image.Schemas.ReadNew(image.SchemaUsed, Take);
            return _events.Count;
        }
    }

    /// <summary>As of now, in the order of their ids.</summary>
    public IReadOnlyList<DescribedEvent> Read()
    {
        image.Schemas.ReadNew(image.SchemaUsed, Take);
        return [.. _events.Values];
    }

    private void Take(ushort id, ReadOnlySpan<byte> text)
    {
        if (!EventSchema.TryParse(text, out EventSchema? schema)
            || !_events.TryAdd(id, new DescribedEvent(schema!, id, schema!.Limits ?? EventLimits.None, 0)))
        {
            Rejected++;
        }
    }
}
