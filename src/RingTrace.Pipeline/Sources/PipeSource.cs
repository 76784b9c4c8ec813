using RingTrace.Packets;
using RingTrace.Packets.Captures;
using RingTrace.Pipeline.Engine;

namespace RingTrace.Pipeline.Sources;

/// <summary>
/// A capture that comes through a pipe: read on a thread of its own, a few batches ahead, because a read of a pipe can't be called
/// off. So the pipeline's own threads end when they are asked to, and ticks come though nothing does.
/// </summary>
internal sealed class PipeSource(CaptureReader reader) : PacketSource
{
    private const int Batches = 4;

    private readonly CirclingQueue<PacketBatch> _free = new();
    private readonly CirclingQueue<PacketBatch> _ready = new();
    private readonly PipeClock _clock = new();
    private PacketBatch? _current;
    private int _next;
    private bool _hasStarted;
    private Exception? _problem;
    private volatile bool _isOver;
    private volatile bool _isStopped;
    private long _watermark = long.MinValue;

    public override string Name => reader.Name;

    public override bool IsFile => false;

    public override long WatermarkNs => _watermark;

    public override long Dropped => reader.Lost;

    public override long Errors => reader.Damaged;

    public override bool TryReadBatch(PacketBatch batch)
    {
        batch.Clear();
        Start();
        while (!batch.IsFull && TryStand(wait: batch.Count == 0))
        {
            batch.Add(_current!, _next++);
        }

        if (batch.Count > 0)
        {
            return true;
        }

        if (_isOver && _ready.Count == 0)
        {
            return _problem is null ? false : throw _problem;
        }

        _watermark = Math.Max(_watermark, _clock.NowNs);
        return !_isStopped;
    }

    public override void Interrupt()
    {
        _isStopped = true;
        _ready.Wake();
        _free.Wake();
    }

    public override void Dispose()
    {
        Interrupt();
        _current?.Dispose();
        if (!_hasStarted)
        {
            reader.Dispose();
        }
    }

    /// <summary>Goes to the next packet, unless it stands at one.</summary>
    private bool TryStand(bool wait)
    {
        if (_current is not null && _next < _current.Count)
        {
            return true;
        }

        if (_current is not null)
        {
            _current.Clear();
            _free.Add(_current);
        }

        _next = 0;
        _current = _ready.Take(wait && !_isOver ? LiveWaitMs : 0);
        if (_current is null)
        {
            return false;
        }

        _clock.Meet(_current);
        return true;
    }

    private void Start()
    {
        if (_hasStarted)
        {
            return;
        }

        _hasStarted = true;
        for (int i = 0; i < Batches; i++)
        {
            _free.Add(new PacketBatch());
        }

        new Thread(Run) { IsBackground = true, Name = "pipe" }.Start();
    }

    /// <summary>The reading thread. It owns the reader and closes it, when it is stopped as soon as the pipe lets go of it.</summary>
    private void Run()
    {
        using (reader)
        {
            try
            {
                while (!_isStopped)
                {
                    if (_free.Take() is not { } batch)
                    {
                        continue;
                    }

                    if (_isStopped || !reader.TryReadBatch(batch))
                    {
                        break;
                    }

                    _ready.Add(batch);
                }
            }
            catch (Exception e)
            {
                // Whatever a pipe's stream throws: it belongs to who reads, not to this thread.
                _problem = e;
            }
        }

        _isOver = true;
        _ready.Wake();
    }
}
