namespace RingTrace.Formats;

/// <summary>What the metadata declares, as it stands there; nothing is resolved yet.</summary>
internal sealed class TsdlDocument
{
    public Guid? Uuid { get; set; }

    public TraceByteOrder ByteOrder { get; set; } = TraceByteOrder.Native;

    public StructClass? PacketHeader { get; set; }

    public OrderedDictionary<string, EnvironmentValue> Environment { get; } = [];

    public List<ClockInfo> Clocks { get; } = [];

    public List<StreamDeclaration> Streams { get; } = [];

    public List<EventDeclaration> Events { get; } = [];
}

internal sealed class StreamDeclaration
{
    public int Offset { get; init; }

    public ulong Id { get; set; }

    public StructClass? PacketContext { get; set; }

    public StructClass? EventHeader { get; set; }

    public StructClass? EventContext { get; set; }
}

internal sealed class EventDeclaration
{
    public int Offset { get; init; }

    public string Name { get; set; } = "";

    public ulong Id { get; set; }

    public ulong? StreamId { get; set; }

    public int? LogLevel { get; set; }

    public StructClass? Context { get; set; }

    public StructClass? Fields { get; set; }
}
