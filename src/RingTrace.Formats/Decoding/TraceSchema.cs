namespace RingTrace.Formats;

/// <summary>A trace's metadata, resolved: what its packets and records are decoded by. Immutable.</summary>
internal sealed class TraceSchema(string metadataFile, Guid? uuid, FieldNode? packetHeader, bool isBigEndian)
{
    public string MetadataFile { get; } = metadataFile;

    public Guid? Uuid { get; } = uuid;

    public bool IsBigEndian { get; } = isBigEndian;

    public FieldNode? PacketHeader { get; } = packetHeader;

    public Dictionary<ulong, StreamSchema> Streams { get; } = [];

    /// <summary>How many registers a decoder of this trace needs.</summary>
    public int Registers { get; set; }
}

/// <summary>One kind of stream.</summary>
internal sealed class StreamSchema(TraceSchema trace, ulong id)
{
    public TraceSchema Trace { get; } = trace;

    public ulong Id { get; } = id;

    public ClockInfo Clock { get; set; } = ClockInfo.None;

    public FieldNode? PacketContext { get; set; }

    public FieldNode? EventHeader { get; set; }

    public FieldNode? EventContext { get; set; }

    /// <summary>Of the event context: the field with the thread's id, -1 when there is none.</summary>
    public int ThreadIdField { get; set; } = -1;

    /// <summary>Not null when the event context needs no walk.</summary>
    public FlatLayout? FlatContext { get; set; }

    /// <summary>
    /// Whether the header is a 16-bit id and a 32-bit time, or 65535, a 32-bit id and a 64-bit time; all packed.
    /// </summary>
    public bool HasPackedHeader { get; set; }

    public Dictionary<ulong, EventClass> Events { get; } = [];

    /// <summary>The events with small ids, by id; for speed.</summary>
    public EventClass?[] SmallIds { get; set; } = [];

    public EventClass? Find(ulong id) => id < (ulong)SmallIds.Length ? SmallIds[id] : Events.GetValueOrDefault(id);
}
