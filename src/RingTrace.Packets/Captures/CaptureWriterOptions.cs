namespace RingTrace.Packets.Captures;

/// <summary>How a capture is written.</summary>
public sealed record CaptureWriterOptions
{
    /// <summary>Whether a pcap file has times in nanoseconds even if its sources have microseconds.</summary>
    public bool Nanoseconds { get; init; }

    /// <summary>Whether only some of a source's packets will come: what it says of its own length then does not hold.</summary>
    public bool IsExtract { get; init; }
}
