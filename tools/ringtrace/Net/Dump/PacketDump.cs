using RingTrace.Packets;

namespace RingTrace.Tool.Net.Dump;

/// <summary>Writes what was asked for of one capture after another.</summary>
/// <param name="output">What the writer writes to.</param>
/// <param name="writer">In which form.</param>
/// <param name="meta">Whether meta records are written, too.</param>
/// <param name="filter">Which packets.</param>
/// <param name="count">How many packets of all captures.</param>
internal sealed class PacketDump(Utf8Output output, IPacketWriter writer, bool meta, ExpressionFilter? filter, long count)
{
    private long _left = count;

    /// <param name="input">The capture.</param>
    /// <param name="file">Its name, when the packets' lines are to say it.</param>
    public void Run(NetInput input, string? file)
    {
        if (file is not null)
        {
            writer.Begin(file);
        }

        filter?.Begin(input.Reader);
        using PacketBatch batch = new();
        while (_left > 0 && input.TryReadBatch(batch))
        {
            for (int i = 0; i < batch.Count && _left > 0; i++)
            {
                Write(batch[i], input);
            }

            if (batch.Count < PacketBatch.DefaultCapacity)
            {
                // More may be long in coming, as in a pipe.
                output.Flush();
            }
        }
    }

    public void Flush() => output.Flush();

    private void Write(in Packet packet, NetInput input)
    {
        if (packet.Kind == PacketKind.Meta)
        {
            if (meta)
            {
                writer.WriteMeta(packet, input.Reader.Format);
            }
        }
        else if (filter is null || filter.Takes(packet))
        {
            _left--;
            writer.Write(packet);
        }
    }
}
