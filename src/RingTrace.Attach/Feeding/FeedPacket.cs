namespace RingTrace.Attach;

/// <summary>Where a feed begins.</summary>
public enum FeedStart
{
    /// <summary>With the records that are written from now on; where they are consumed, with those that nobody has consumed.</summary>
    Now,

    /// <summary>With the oldest packet that each ring holds.</summary>
    Oldest,
}

/// <summary>Takes one packet; its bytes are good until it returns.</summary>
/// <param name="packet">The packet.</param>
public delegate void PacketHandler(in FeedPacket packet);

/// <summary>A packet of a ring, as it stands in a CTF stream.</summary>
public readonly ref struct FeedPacket
{
    /// <summary>The channel's name.</summary>
    public required string Channel { get; init; }

    /// <summary>The channel's number in its region.</summary>
    public int ChannelNumber { get; init; }

    /// <summary>The CPU's number.</summary>
    public required int Cpu { get; init; }

    /// <summary>The header, whose sizes and end are right, then the records; padded with zeros to 8 bytes.</summary>
    public required ReadOnlySpan<byte> Bytes { get; init; }

    /// <summary>Offset of the first record that was not handed over before; at the content's end when there is none.</summary>
    public required int NewFrom { get; init; }

    /// <summary>The packet is not full yet: it comes again, with more.</summary>
    public required bool IsOpen { get; init; }
}
