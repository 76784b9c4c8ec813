using RingTrace.Formats;

namespace RingTrace.Attach;

/// <summary>When a packet ended whose process ended in it: nothing but its last record tells.</summary>
internal static class LastRecord
{
    /// <summary>When it was written, in ticks; when the packet began, where no record can be understood.</summary>
    public static ulong TimeIn(ReadOnlySpan<byte> packet, OutsideRecorder recorder)
    {
        ulong last = System.Runtime.InteropServices.MemoryMarshal.Read<Buffers.PacketHeader>(packet).TimestampBegin;
        try
        {
            using PacketDecoder decoder = new(TraceInfo.Parse(recorder.Metadata(), recorder.Name));
            decoder.Add(stream: 0, packet);
            while (decoder.MoveNext())
            {
                last = Math.Max(last, decoder.Current.Ticks);
            }
        }
        catch (TraceFormatException)
        {
            // What the region says of its events can't be understood, and so neither the packet.
        }

        return last;
    }
}
