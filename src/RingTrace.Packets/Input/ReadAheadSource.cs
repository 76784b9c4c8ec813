using System.Diagnostics.CodeAnalysis;
using RingTrace.Packets.Blocks;

namespace RingTrace.Packets.Input;

/// <summary>
/// A source that is slow to work out, or waits for somebody, read on a thread of its own, at most a few buffers ahead. The thread owns the source and
/// closes it: at its end, at an error, or soon after this is disposed of, which waits for nothing.
/// When it is cancelled what was read ends here.
/// </summary>
internal sealed class ReadAheadSource : ByteSource
{
    private const int Buffers = 4;

    private readonly object _gate = new();
    private readonly Queue<(byte[] Bytes, int Length)> _full = new(Buffers);
    private readonly Stack<byte[]> _empty = new(Buffers);
    private readonly CancellationTokenRegistration _cancelled;
    private (byte[] Bytes, int Length) _current = ([], 0);
    private int _position;
    private CaptureException? _problem;
    private bool _isEnded;
    private bool _isStopped;

    public ReadAheadSource(ByteSource source, CancellationToken cancel = default)
        : base(source.Name)
    {
        MayWait = source.MayWait;
        for (int i = 0; i < Buffers; i++)
        {
            _empty.Push(new byte[BlockPool.BlockBytes]);
        }

        new Thread(() => Run(source)) { IsBackground = true, Name = "RingTrace read-ahead" }.Start();
        _cancelled = cancel.Register(Stop);
    }

    public override bool MayWait { get; }

    public override int Read(Span<byte> buffer)
    {
        if (_position == _current.Length && !TryTakeNext())
        {
            return 0;
        }

        int read = Math.Min(buffer.Length, _current.Length - _position);
        _current.Bytes.AsSpan(_position, read).CopyTo(buffer);
        _position += read;
        return read;
    }

    public override void Dispose()
    {
        _cancelled.Dispose();
        Stop();
    }

    private void Stop()
    {
        lock (_gate)
        {
            _isStopped = true;
            Monitor.PulseAll(_gate);
        }
    }

    private bool TryTakeNext()
    {
        lock (_gate)
        {
            if (_current.Bytes.Length > 0)
            {
                _empty.Push(_current.Bytes);
                _current = ([], 0);
                _position = 0;
                Monitor.PulseAll(_gate);
            }

            while (_full.Count == 0 && !_isEnded && !_isStopped)
            {
                Monitor.Wait(_gate);
            }

            bool isThere = _full.TryDequeue(out var next);
            if (isThere)
            {
                _current = next;
            }

            return isThere || (_problem is null ? false : throw _problem);
        }
    }

    private void Run(ByteSource source)
    {
        using (source)
        {
            CaptureException? problem = null;
            try
            {
                while (TryTakeEmpty(out byte[]? buffer))
                {
                    int read = source.Read(buffer);
                    if (read == 0)
                    {
                        break;
                    }

                    lock (_gate)
                    {
                        _full.Enqueue((buffer, read));
                        Monitor.PulseAll(_gate);
                    }
                }
            }
            catch (Exception e)
            {
                // Whatever a stream of somebody else's throws: it belongs to who reads, not to this thread.
                problem = e as CaptureException ?? new CaptureException($"{Name}: {e.Message}", e);
            }

            lock (_gate)
            {
                (_problem, _isEnded) = (problem, true);
                Monitor.PulseAll(_gate);
            }
        }
    }

    private bool TryTakeEmpty([NotNullWhen(true)] out byte[]? buffer)
    {
        lock (_gate)
        {
            while (_empty.Count == 0 && !_isStopped)
            {
                Monitor.Wait(_gate);
            }

            buffer = _isStopped ? null : _empty.Pop();
            return buffer is not null;
        }
    }
}
