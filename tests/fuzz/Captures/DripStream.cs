namespace RingTrace.Fuzz;

/// <summary>Bytes that arrive a few at a time, as from a slow pipe.</summary>
internal sealed class DripStream(byte[] bytes, int most, Random random) : Stream
{
    private int _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException("It is read forwards, and no more.");

    public override long Position
    {
        get => throw new NotSupportedException("It is read forwards, and no more.");
        set => throw new NotSupportedException("It is read forwards, and no more.");
    }

    public override int Read(Span<byte> buffer)
    {
        int length = Math.Min(Math.Min(random.Next(1, most + 1), buffer.Length), bytes.Length - _position);
        bytes.AsSpan(_position, length).CopyTo(buffer);
        _position += length;
        return length;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("It is read forwards, and no more.");

    public override void SetLength(long value) => throw new NotSupportedException("It is read forwards, and no more.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is read forwards, and no more.");
}
