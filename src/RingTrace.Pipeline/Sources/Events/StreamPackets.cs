using RingTrace.Formats;

namespace RingTrace.Pipeline.Sources.Events;

/// <summary>The packets of one stream's files, one after the other.</summary>
internal sealed class StreamPackets(StreamInfo stream) : IDisposable
{
    private int _part = -1;
    private PacketReader? _headers;
    private FileSource? _file;
    private PacketHeader _next;

    /// <summary>The stream's place among those of its reader.</summary>
    public int Number => stream.Index;

    public ClockInfo Clock => stream.Clock;

    /// <summary>When the next packet begins, in ticks, if it says so.</summary>
    public ulong? Begin => _next.Begin;

    /// <summary>How long the next packet is.</summary>
    public long Bytes => _next.PacketBits >> 3;

    /// <summary>Looks at the next packet's header.</summary>
    /// <returns>False when there is none.</returns>
    /// <exception cref="TraceFormatException">It is damaged; the files are closed.</exception>
    /// <exception cref="IOException">The file can't be read; it is closed.</exception>
    public bool MoveNext()
    {
        try
        {
            return TryNext();
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>The packet itself.</summary>
    /// <exception cref="TraceFormatException">The file has become shorter.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public EventPacket Read(PacketStore store)
    {
        EventPacket packet = store.Rent((int)Bytes);
        (packet.Stream, packet.Trace, packet.From) = (stream.Index, stream.Trace, 0);
        Span<byte> target = PacketStore.BytesOf(packet);
        for (int read = 0; read < target.Length;)
        {
            int count = _file!.Read(target[read..], _next.FileOffset + read);
            if (count == 0)
            {
                packet.Release();
                throw new TraceFormatException(
                    _file.Name, _next.FileOffset + read, $"{target.Length - read} more bytes, as there were before", "the end of the file");
            }

            read += count;
        }

        return packet;
    }

    public void Dispose() => Close();

    private bool TryNext()
    {
        while (_headers is null || !_headers.TryReadHeader(out _next))
        {
            Close();
            if (++_part >= stream.Parts.Length)
            {
                return false;
            }

            StreamFile part = stream.Parts[_part];
            _file = new FileSource(part.Path);
            _headers = new PacketReader(stream.Schema.Trace, new FileSource(part.Path), part.Length);
        }

        return Bytes <= TraceFeed.MostPacketBytes ? true : throw new TraceFormatException(
            _file!.Name, _next.FileOffset, $"a packet of at most {TraceFeed.MostPacketBytes} bytes, to be read as a whole", $"one of {Bytes}");
    }

    private void Close()
    {
        _headers?.Dispose();
        _headers = null;
        _file?.Dispose();
        _file = null;
    }
}
