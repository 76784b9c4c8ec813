namespace RingTrace.Packets.Captures;

/// <summary>Where packets of a capture came from, as the file says.</summary>
/// <param name="LinkType">What its packets begin with.</param>
/// <param name="SnapLength">At most so many bytes of a packet were kept; 0 when the file does not say.</param>
/// <param name="Name">The interface's name, when the file has it.</param>
public sealed record CaptureInterface(LinkType LinkType, uint SnapLength, string? Name = null)
{
    /// <summary>What the interface is in words, when the file has it.</summary>
    public string? Description { get; init; }

    /// <summary>What a unit of its times is, as pcapng writes it: 10^-n seconds, or 2^-n where the top bit is set.</summary>
    public byte TimeResolution { get; init; } = 6;

    /// <summary>Seconds that its times lack to be since 1970.</summary>
    public long TimeOffset { get; init; }

    /// <summary>The section of the file that it belongs to, from 0.</summary>
    public int Section { get; init; }

    /// <summary>Whether the numbers of its section (of a pcap file, of the whole) have their highest byte first.</summary>
    public bool IsBigEndian { get; init; }

    /// <summary>What the file says about it, as it stands there: pcapng's interface block or pcap's file header; else empty.</summary>
    public ReadOnlyMemory<byte> Record { get; init; }
}
