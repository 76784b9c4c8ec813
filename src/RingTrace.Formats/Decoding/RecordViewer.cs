namespace RingTrace.Formats;

/// <summary>
/// Reads records of one stream again that another cursor has found, where they lie in memory: for another thread, without
/// allocation but for a packet's first.
/// </summary>
/// <param name="stream">The stream's place among those of its trace.</param>
internal sealed class RecordViewer(int stream) : RecordCursor(new TraceQuery(), static _ => { })
{
    private MemorySource? _source;
    private TraceInfo? _trace;

    /// <summary>Goes to another packet of the stream.</summary>
    /// <param name="trace">What it is read by.</param>
    /// <param name="bytes">The packet, from the array's begin on. Nobody may write there while its records are viewed.</param>
    /// <param name="length">The packet's.</param>
    /// <exception cref="TraceFormatException">Its header is damaged.</exception>
    public void Enter(TraceInfo trace, byte[] bytes, int length)
    {
        if (_trace != trace)
        {
            _source = new MemorySource(trace.StreamName(stream));
            Reader?.Dispose();
            Open(new PacketReader(trace.Schema, _source));
            _trace = trace;
        }

        _source!.Bytes = bytes.AsMemory(0, length);
        Reader!.Restart();
        if (Reader.TryReadHeader(out PacketHeader packet))
        {
            if (Stream is null || !Stream.IsOf(trace, in packet))
            {
                Use(new StreamInfo(trace, stream, packet));
            }

            Enter(in packet, bytes);
        }
    }

    /// <summary>The record, until the next one is viewed.</summary>
    /// <param name="begin">Where in the packet, in bits: <see cref="RecordCursor.RecordBegin"/>.</param>
    /// <param name="ticksBefore">See <see cref="RecordCursor.TicksBefore"/>.</param>
    public EventView View(long begin, ulong ticksBefore)
    {
        Read(begin, ticksBefore);
        return new EventView(this);
    }

    public override bool MoveNext() => throw new NotSupportedException("a record is viewed by its place, not one after the other.");
}
