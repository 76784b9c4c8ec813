using RingTrace.Packets;
using RingTrace.Pipeline;

namespace RingTrace.Tool.Net.Dump;

/// <summary>Writes what was asked for of one capture after another.</summary>
/// <param name="output">Where to.</param>
/// <param name="form">In which form.</param>
/// <param name="meta">Whether meta records are written, too.</param>
/// <param name="filter">Which packets.</param>
/// <param name="count">How many packets of all captures.</param>
internal sealed class PacketDump(Utf8Output output, Func<Utf8Text, IPacketWriter> form, bool meta, ExpressionFilter? filter, long count)
{
    private readonly IPacketWriter _writer = form(output);
    private long _left = count;

    /// <param name="input">The capture.</param>
    /// <param name="file">Its name, when the packets' lines are to say it.</param>
    /// <param name="threads">How many work on it.</param>
    public void Run(NetInput input, string? file, int threads)
    {
        filter?.Begin(input.Reader);
        if (threads > 1 && _left > 0)
        {
            WorkOn(input, file, threads);
            return;
        }

        if (file is not null)
        {
            _writer.Begin(file);
        }

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

    private void WorkOn(NetInput input, string? file, int threads)
    {
        string? end = input.WorkOn(
            threads, () => new DumpProcessor(form, file, input.Reader.Format, meta, filter), Write, output.Flush, isEnough: () => _left == 0);

        // Who has seen enough hears nothing of what is behind.
        if (_left > 0)
        {
            input.ThrowIfEarly(end);
        }
    }

    private void Write(in Result<DumpedLine> result)
    {
        if (_left == 0)
        {
            return;
        }

        if (result.Value.Refusal is { } refusal)
        {
            throw refusal;
        }

        _left -= result.Value.IsPacket ? 1 : 0;
        output.Add(result.Value.Text.Span);
    }

    private void Write(in Packet packet, NetInput input)
    {
        if (packet.Kind == PacketKind.Meta)
        {
            if (meta)
            {
                _writer.WriteMeta(packet, input.Reader.Format);
            }
        }
        else if (filter is null || filter.Takes(packet))
        {
            _left--;
            _writer.Write(packet);
        }
    }
}
