using Google.Protobuf;

namespace RingTrace.Formats.Perfetto;

/// <summary>Writes packets one at a time, as the elements of the list that a file is.</summary>
internal sealed class PacketOutput : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly CodedOutputStream _output;
    private uint _sequences;

    /// <param name="stream">Where to; stays open.</param>
    public PacketOutput(Stream stream) => _output = new CodedOutputStream(stream, BufferBytes, leaveOpen: true);

    /// <summary>How many were written.</summary>
    public long Packets { get; private set; }

    public PacketSequence NewSequence() => new(this, ++_sequences);

    public void Write(TracePacket packet)
    {
        _output.WriteTag(PerfettoTrace.PacketFieldNumber, WireFormat.WireType.LengthDelimited);
        _output.WriteMessage(packet);
        Packets++;
    }

    /// <summary>Writes what is buffered.</summary>
    public void Dispose() => _output.Dispose();
}
