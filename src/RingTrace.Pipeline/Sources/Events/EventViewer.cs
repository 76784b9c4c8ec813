using RingTrace.Formats;
using RingTrace.Packets;

namespace RingTrace.Pipeline.Sources.Events;

/// <summary>Views the events of batches, for one thread.</summary>
internal sealed class EventViewer
{
    private readonly Dictionary<EventStream, Place> _places = [];
    private Place? _last;

    /// <summary>The event, until the next one is viewed.</summary>
    public EventView View(in Packet item)
    {
        StoredPacket packet = (StoredPacket)item.Block.Key!;
        Place place = _last is { } last && last.Stream == packet.Stream ? last : PlaceOf(packet.Stream);
        if (place.Packet != packet)
        {
            place.Viewer.Enter(packet.Trace, item.Block.Bytes, packet.Length);
            place.Packet = packet;
        }

        return place.Viewer.View(item.Fields.EventBegin, item.Fields.EventClock);
    }

    /// <summary>At the end: the memory goes back.</summary>
    public void Clear()
    {
        foreach (Place place in _places.Values)
        {
            place.Viewer.Dispose();
        }
    }

    private Place PlaceOf(EventStream stream)
    {
        if (!_places.TryGetValue(stream, out _last))
        {
            _places.Add(stream, _last = new Place(stream));
        }

        return _last;
    }

    /// <summary>In which packet of a stream it is.</summary>
    private sealed class Place(EventStream stream)
    {
        public EventStream Stream => stream;

        public RecordViewer Viewer { get; } = new(stream.Number);

        public StoredPacket? Packet { get; set; }
    }
}
