namespace RingTrace.Packets.Captures;

/// <summary>
/// The ports of a capture card, for the formats whose records bear no more than a port's number: 0 is the line out of the network
/// that is watched, 1 the line into it.
/// </summary>
internal sealed class Ports
{
    private readonly List<CaptureInterface> _seen = [];

    /// <summary>Those up to the highest that was seen.</summary>
    public IReadOnlyList<CaptureInterface> Interfaces => _seen;

    /// <summary>Says of a packet where it came from.</summary>
    /// <param name="packet">Its link type is known.</param>
    /// <param name="port">0 to 255.</param>
    public void Mark(ref PacketRecord packet, int port)
    {
        while (_seen.Count <= port)
        {
            _seen.Add(new CaptureInterface(packet.LinkType, 0));
        }

        packet.Interface = (ushort)port;
        packet.Direction = port switch
        {
            0 => PacketDirection.Outbound,
            1 => PacketDirection.Inbound,
            _ => PacketDirection.Other,
        };
    }
}
