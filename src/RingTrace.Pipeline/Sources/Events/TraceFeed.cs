using RingTrace.Formats;

namespace RingTrace.Pipeline.Sources.Events;

/// <summary>
/// The packets of a trace's files, those of all streams by the times they begin at: so what is in memory is what overlaps in
/// time, and some more.
/// </summary>
internal sealed class TraceFeed : EventFeed
{
    /// <summary>A packet is read as a whole; a larger one is refused: 64 MiB.</summary>
    public const long MostPacketBytes = 64 << 20;

    /// <summary>More bytes of packets never wait for others that begin earlier: 512 MiB.</summary>
    public const long MostWaitingBytes = 512 << 20;

    private readonly TraceReader _reader;
    private readonly long _most;
    private readonly PacketStore _store = new();
    private readonly PriorityQueue<StreamPackets, (long Begin, int Stream)> _streams = new();
    private readonly Lock _gate = new();
    private bool _isOpen;
    private bool _isOver;

    /// <param name="directory">The trace's directory, or one above.</param>
    /// <param name="most">See <see cref="MostWaitingBytes"/>.</param>
    /// <exception cref="TraceFormatException">There is no trace, or none that can be understood.</exception>
    /// <exception cref="IOException">The directory is not there or can't be read.</exception>
    public TraceFeed(string directory, long most = MostWaitingBytes)
    {
        _most = most;
        _reader = TraceReader.Open(directory);
        Dictionary<string, ulong> lost = _reader.Losses.EventsDiscarded is > 0 and var discarded ? new() { ["discarded"] = discarded } : [];
        Losses = new EventLosses(lost, (long)_reader.Losses.PacketsLost, LeftOutBytes: 0, Copied: 0);
    }

    public override string Name => _reader.Directory;

    public override bool IsLive => false;

    /// <inheritdoc/>
    /// <exception cref="TraceFormatException">A part of a trace can't be read, which is told when the rest has been handed over.</exception>
    public override bool TryVisit(Action<EventPacket> handler)
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return false;
            }

            Open();
            for (long bytes = 0; bytes < BytesPerVisit && _streams.TryPeek(out StreamPackets? stream, out _);)
            {
                if (_store.Bytes + HeldBytes + stream.Bytes > _most)
                {
                    throw new IOException(
                        $"trace {Name}: packets of more than {_most >> 20} MiB are of the same time: read it by 'ringtrace view'.");
                }

                EventPacket packet = stream.Read(_store);
                bytes += packet.Bytes.Length;
                handler(packet);
                _streams.Dequeue();
                Enqueue(stream);
            }

            if (_streams.TryPeek(out StreamPackets? next, out _))
            {
                if (next.Begin is { } begin)
                {
                    Reach(next.Clock, begin);
                }

                return true;
            }

            _isOver = true;
            ReachEnd();
            return _reader.Problems.FirstOrDefault(problem => problem.Message != TraceReader.UnrelatedClocks) is { } damage
                ? throw new IOException(damage.Message) : false;
        }
    }

    public override void Dispose()
    {
        lock (_gate)
        {
            _isOver = true;
            while (_streams.TryDequeue(out StreamPackets? stream, out _))
            {
                stream.Dispose();
            }
        }
    }

    private void Open()
    {
        if (!_isOpen)
        {
            _isOpen = true;
            foreach (StreamInfo stream in _reader.Streams)
            {
                Enqueue(new StreamPackets(stream));
            }
        }
    }

    private void Enqueue(StreamPackets stream)
    {
        if (!stream.MoveNext())
        {
            stream.Dispose();
            return;
        }

        // One that does not say when it begins is read at once: nothing is known of its events.
        _streams.Enqueue(stream, (stream.Begin is { } begin ? stream.Clock.ToNanoseconds(begin) : long.MinValue, stream.Number));
    }
}
