using RingTrace.Packets;
using RingTrace.Packets.Captures;

namespace RingTrace.Tool.Net.Dump;

/// <summary>Writes packets, one a line. For one thread.</summary>
internal interface IPacketWriter
{
    /// <summary>Says whose packets follow, when there is more than one file.</summary>
    void Begin(string file);

    void Write(in Packet packet);

    /// <param name="meta">A meta record.</param>
    /// <param name="format">What it is written in.</param>
    void WriteMeta(in Packet meta, CaptureFormat format);
}
