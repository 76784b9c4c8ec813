namespace RingTrace.Packets.Captures;

/// <summary>Where packets of a capture came from, as the file says.</summary>
/// <param name="LinkType">What its packets begin with.</param>
/// <param name="SnapLength">At most so many bytes of a packet were kept; 0 when the file does not say.</param>
/// <param name="Name">The interface's name, when the file has it.</param>
public sealed record CaptureInterface(LinkType LinkType, uint SnapLength, string? Name = null);
