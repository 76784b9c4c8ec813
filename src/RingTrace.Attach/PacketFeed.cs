namespace RingTrace.Attach;

/// <summary>Where a feed begins.</summary>
public enum FeedStart
{
    /// <summary>With the records that are written from now on.</summary>
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

    /// <summary>Offset of the first record that was not handed over before; at the end when there is none.</summary>
    public required int NewFrom { get; init; }

    /// <summary>The packet is not full yet: it comes again, with more.</summary>
    public required bool IsOpen { get; init; }
}

/// <summary>What a feed did not get.</summary>
/// <param name="Rings">One per channel and CPU.</param>
public sealed record FeedLosses(IReadOnlyList<FeedRingLosses> Rings)
{
    /// <summary>Packets that were overwritten before they were read.</summary>
    public ulong OverwrittenPackets => Rings.Aggregate(0ul, (sum, ring) => sum + ring.OverwrittenPackets);

    /// <summary>Records that the writers lost since the feed began, by cause; without zeros.</summary>
    public IReadOnlyDictionary<string, ulong> Lost => LossNames.Sum(Rings.Select(ring => ring.Lost));
}

/// <summary>What a feed did not get of one ring.</summary>
/// <param name="Channel">The channel's name.</param>
/// <param name="Cpu">The CPU's number.</param>
/// <param name="OverwrittenPackets">Packets that were overwritten before they were read.</param>
/// <param name="LeftOutBytes">Bytes of packets that a writer had reserved in and never committed to, or that are damaged.</param>
/// <param name="Lost">Records that the writers lost since the feed began, by cause; without zeros.</param>
public sealed record FeedRingLosses(
    string Channel, int Cpu, ulong OverwrittenPackets, long LeftOutBytes, IReadOnlyDictionary<string, ulong> Lost);

/// <summary>
/// The packets of a recorder's rings as they come, each record once. Consumes nothing of a ring in overwrite mode; of one in
/// discard mode it does, where it may. Not thread-safe.
/// </summary>
public sealed class PacketFeed : IDisposable
{
    internal PacketFeed(OutsideRecorder recorder, FeedStart start) => _ = (recorder, start);

    /// <summary>What was not got so far.</summary>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    public FeedLosses Losses => throw new NotImplementedException();

    /// <summary>Visits every ring once.</summary>
    /// <param name="handler">Takes the packets, those of one ring in their order.</param>
    /// <param name="open">Also what is written of packets that are not full yet.</param>
    /// <returns>The number of packets handed over.</returns>
    /// <exception cref="AttachException">The region can't be read any more.</exception>
    public int Drain(PacketHandler handler, bool open = false) => throw new NotImplementedException($"{handler} {open}");

    /// <summary>Ends the feed.</summary>
    public void Dispose()
    {
    }
}
