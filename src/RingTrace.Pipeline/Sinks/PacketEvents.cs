using RingTrace.Packets;

namespace RingTrace.Pipeline.Sinks;

/// <summary>The event that a packet is recorded as.</summary>
[TraceProvider(Name)]
internal static partial class PacketEvents
{
    public const string Name = "RingTrace.Packets";

    /// <summary>A packet, where and when it was captured. What the cap cuts off its data was captured, and is not recorded.</summary>
    /// <param name="timeNs">When, in nanoseconds since 1970.</param>
    /// <param name="wireLength">How long it was on the wire.</param>
    /// <param name="capturedLength">How many bytes of it were captured.</param>
    /// <param name="linkType">What it begins with.</param>
    /// <param name="interfaceNumber">Where it was captured.</param>
    /// <param name="interfaceName">The same by its name; empty when it has none.</param>
    /// <param name="direction">Which way it went.</param>
    /// <param name="data">The packet.</param>
    [TraceEvent]
    public static partial void Packet(
        long timeNs, uint wireLength, int capturedLength, int linkType, int interfaceNumber, [Cap(PacketRing.MostNameBytes)] string interfaceName,
        PacketDirection direction, [Cap(PacketRing.MostDataBytes)] ReadOnlySpan<byte> data);
}
