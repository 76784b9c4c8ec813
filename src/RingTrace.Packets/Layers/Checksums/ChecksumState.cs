namespace RingTrace.Packets.Layers.Checksums;

/// <summary>What can be said about a checksum.</summary>
public enum ChecksumState
{
    /// <summary>There is none: no such header, or a sender who sent without.</summary>
    Absent,

    /// <summary>It can't be checked: not all that it covers is there, in a snapped packet, a fragment, a routed one.</summary>
    Unknown,

    /// <summary>It fits.</summary>
    Right,

    /// <summary>It does not fit. Of a packet captured where it was sent, this is common: the card was to fill it in.</summary>
    Wrong,
}
