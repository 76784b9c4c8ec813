using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Pipeline;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Net.Dump;

/// <summary>What becomes of a packet.</summary>
/// <param name="Text">A line.</param>
/// <param name="IsPacket">Whether it is a packet's.</param>
/// <param name="Refusal">What is to be told instead of a line, when it is its turn.</param>
internal readonly record struct DumpedLine(ReadOnlyMemory<byte> Text, bool IsPacket, UsageException? Refusal = null);

/// <summary>Makes the lines of one thread's packets.</summary>
/// <param name="writer">In which form.</param>
/// <param name="file">The capture's name, when the lines are to say it.</param>
/// <param name="format">What the capture is written in.</param>
/// <param name="meta">Whether meta records are written, too.</param>
/// <param name="filter">Which packets.</param>
internal sealed class DumpProcessor(
    Func<Utf8Text, IPacketWriter> writer, string? file, CaptureFormat format, bool meta, ExpressionFilter? filter) : PacketProcessor<DumpedLine>
{
    private readonly Utf8Lines _lines = new();
    private IPacketWriter _writer = null!;

    public override void OnStarting()
    {
        _writer = writer(_lines);
        if (file is not null)
        {
            _writer.Begin(file);
        }
    }

    public override void OnPacket(in Packet packet)
    {
        try
        {
            if (filter is not null && !filter.Takes(packet))
            {
                return;
            }
        }
        catch (UsageException e)
        {
            Context.Publish(new DumpedLine(default, IsPacket: true, e));
            return;
        }

        _writer.Write(packet);
        Context.Publish(new DumpedLine(_lines.Take(), IsPacket: true));
    }

    public override void OnMeta(in Packet packet)
    {
        if (meta)
        {
            _writer.WriteMeta(packet, format);
            Context.Publish(new DumpedLine(_lines.Take(), IsPacket: false));
        }
    }
}
