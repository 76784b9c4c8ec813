using RingTrace.Packets.Blocks;

namespace RingTrace.Packets.Captures;

/// <summary>A capture that is one record after another: its format says how long the next one is, and what it holds.</summary>
internal abstract class RecordReader(BlockReader input, CaptureFormat format) : CaptureReader(input, format)
{
    private protected sealed override int Parse(PacketBatch batch)
    {
        while (!batch.IsFull)
        {
            ReadOnlySpan<byte> window = Input.Window;
            int length = Measure(window);
            if (window.Length < length)
            {
                return length;
            }

            PacketRecord record = new() { RecordOffset = Input.Position, RecordLength = length };
            Describe(window[..length], ref record);
            if (record.Kind == PacketKind.Packet)
            {
                record.Number = ++Packets;
            }

            record.DataOffset += Input.Position;
            ref PacketRecord added = ref batch.Add(Input.Block);
            record.Block = added.Block;
            added = record;
            Input.Advance(length);
        }

        return 0;
    }

    /// <summary>How long the record at the head of the window is, as far as one can tell from what is there.</summary>
    private protected abstract int Measure(ReadOnlySpan<byte> window);

    /// <summary>Says what a whole record holds. Its place is filled in, and the offset of its data is from where it begins.</summary>
    private protected abstract void Describe(ReadOnlySpan<byte> record, ref PacketRecord packet);

    /// <summary>What to throw when the record at the head of the window is none.</summary>
    private protected CaptureException Damage(string problem) => Input.Error(Input.Offset, problem);
}
