using RingTrace.Packets;

namespace RingTrace.Pipeline.Sinks;

/// <summary>
/// The rings as a place where packets go: each is a typed event with its own time, lengths, link type, interface and direction, so the
/// last minutes of the wire are kept in a bounded memory that outlives the process, and are taken out by the snapshots that any event
/// is taken out by. <see cref="RingCapture"/> makes packets of them again.
/// </summary>
/// <remarks>
/// All members may be used by any thread. Recording never throws, blocks or allocates; what a ring has no room for is counted by it. A
/// packet's order is that of the calls: one thread that records keeps it.
/// </remarks>
/// <example><code>
/// using FlightRecorder recorder = FlightRecorder.Start(new() { BindAllProviders = false });
/// recorder.Add(PacketRing.Provider);
/// PacketRing.Record(in packet);
/// recorder.Snapshot("wire");
/// </code></example>
public static class PacketRing
{
    /// <summary>Of a packet's bytes so many are recorded; the rest is left out, as a snapped capture leaves it out.</summary>
    public const int MostDataBytes = 16 * 1024;

    /// <summary>Of an interface's name, in UTF-8.</summary>
    public const int MostNameBytes = 256;

    /// <summary>For <see cref="FlightRecorder.Add"/>; a recorder that binds all providers has it once the first packet is recorded.</summary>
    public static TraceProvider Provider => PacketEvents.Provider;

    /// <summary>Records a packet, in every recorder that has <see cref="Provider"/>. Of meta records, none.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="interfaceName">Where it was captured, if that has a name.</param>
    /// <returns>False when its data was cut.</returns>
    public static bool Record(in Packet packet, string? interfaceName = null)
    {
        if (packet.Kind != PacketKind.Packet)
        {
            return true;
        }

        PacketEvents.Packet(
            packet.TimeNs, packet.WireLength, packet.CapturedLength, (int)packet.LinkType, packet.Interface, interfaceName ?? "",
            packet.Direction, packet.Data);
        return packet.CapturedLength <= MostDataBytes;
    }
}
