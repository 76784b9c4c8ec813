namespace RingTrace.Packets;

/// <summary>Which way a packet went, as far as the file says.</summary>
public enum PacketDirection : byte
{
    /// <summary>The file does not say.</summary>
    Unknown,

    /// <summary>To the machine that captured.</summary>
    Inbound,

    /// <summary>From the machine that captured.</summary>
    Outbound,

    /// <summary>Something else: between two others, seen in passing.</summary>
    Other,
}
