namespace RingTrace.Packets;

/// <summary>What a record of a capture file holds.</summary>
public enum PacketKind : byte
{
    /// <summary>A packet.</summary>
    Packet,

    /// <summary>Something about the capture: an interface, names, statistics, keys, provenance.</summary>
    Meta,

    /// <summary>An event of a ring that a pipeline has as a source; of no capture.</summary>
    Event,
}
