using System.Buffers;

namespace RingTrace.Formats;

/// <summary>Walks the wanted events of one stream whose packets come one by one, in memory.</summary>
/// <param name="index">The stream's place among those of its trace.</param>
/// <param name="query">Which of its events.</param>
/// <param name="budget">For its window: all cursors of a decoder have the same.</param>
/// <param name="report">Told of problems.</param>
internal sealed class PacketCursor(int index, TraceQuery query, WindowBudget budget, Action<TraceProblem> report)
    : RecordCursor(query, report)
{
    private readonly Queue<QueuedPacket> _queue = [];
    private MemorySource? _source;
    private TraceInfo? _trace;
    private QueuedPacket _current;

    /// <summary>What waits or is being read.</summary>
    public long QueuedBytes { get; private set; }

    /// <summary>Whose memory the packet lies in that it is in; null where it was copied.</summary>
    public override IPacketOwner? Owner => _current.Owner;

    /// <summary>Whether it stands at an event.</summary>
    public bool IsAtEvent { get; private set; }

    /// <summary>Which stream, and how far it is in its packet.</summary>
    public string Place => $"{_source?.Name}, offset {Reader?.Offset ?? 0}";

    /// <summary>A packet that comes after those before; its buffer is the cursor's from now on.</summary>
    public void Add(QueuedPacket packet)
    {
        _queue.Enqueue(packet);
        QueuedBytes += packet.Bytes.Length;
    }

    public override bool MoveNext()
    {
        IsAtEvent = false;
        while (!IsAtEvent && (InPacket || StartNext()))
        {
            try
            {
                IsAtEvent = TryNextInPacket();
            }
            catch (TraceFormatException damage)
            {
                GiveUpPacket(damage);
            }
        }

        return IsAtEvent;
    }

    protected override void Close()
    {
        base.Close();
        LetGo();
        while (_queue.TryDequeue(out _current))
        {
            LetGo();
        }
    }

    private bool StartNext()
    {
        while (true)
        {
            LetGo();
            if (!_queue.TryDequeue(out _current))
            {
                return false;
            }

            try
            {
                Start();
                return true;
            }
            catch (TraceFormatException damage)
            {
                Missing(damage.Offset, damage.Message, "its packet", _current.Bytes.Length);
            }
        }
    }

    private void Start()
    {
        if (_trace != _current.Trace)
        {
            _source = new MemorySource(_current.Trace.StreamName(index));
            Reader?.Dispose();
            Open(new PacketReader(_current.Trace.Schema, _source, budget: budget));
            _trace = _current.Trace;
        }

        _source!.Bytes = _current.Bytes;
        Reader!.Restart();
        if (Reader.TryReadHeader(out PacketHeader packet))
        {
            if (Stream is null || !Stream.IsOf(_trace, in packet))
            {
                Use(new StreamInfo(_trace, index, packet));
            }

            Enter(in packet, _current.From * 8L);
        }
    }

    private void LetGo()
    {
        QueuedBytes -= _current.Bytes.Length;
        _current.LetGo();
        _current = default;
    }
}

/// <summary>A packet that waits to be read.</summary>
/// <param name="Trace">What it is read by.</param>
/// <param name="Buffer">From the shared pool; null where the packet has an owner.</param>
/// <param name="Owner">Whose memory it lies in; null where it was copied.</param>
/// <param name="Bytes">The packet.</param>
/// <param name="From">Where in it the first record starts that is wanted, in bytes.</param>
internal readonly record struct QueuedPacket(
    TraceInfo Trace, byte[]? Buffer, IPacketOwner? Owner, ReadOnlyMemory<byte> Bytes, int From)
{
    public void LetGo()
    {
        if (Buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(Buffer);
        }

        Owner?.Release();
    }
}
