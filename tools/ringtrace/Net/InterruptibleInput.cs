namespace RingTrace.Tool.Net;

/// <summary>Standard input that ends with ^C: a read that waits for a pipe can't be called off otherwise.</summary>
internal sealed class InterruptibleInput(Stream input, CancellationToken cancel) : Stream
{
    private readonly byte[] _piece = new byte[64 * 1024];

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        Task<int> read = input.ReadAsync(_piece, 0, Math.Min(buffer.Length, _piece.Length), CancellationToken.None);
        try
        {
            Task.WaitAny([read], cancel);
        }
        catch (OperationCanceledException)
        {
            return 0;
        }

        int count = read.GetAwaiter().GetResult();
        _piece.AsSpan(0, count).CopyTo(buffer);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
