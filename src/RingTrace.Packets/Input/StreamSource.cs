namespace RingTrace.Packets.Input;

/// <summary>A stream, read as it comes: standard input, an unpacking stream, a user's own.</summary>
internal sealed class StreamSource(Stream stream, string name) : ByteSource(name)
{
    private long _offset;

    public override int Read(Span<byte> buffer)
    {
        try
        {
            int read = stream.Read(buffer);
            _offset += read;
            return read;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw e as CaptureException ?? new CaptureException($"{Name}, offset {_offset}: {e.Message}", e);
        }
    }

    public override void Dispose() => stream.Dispose();
}
