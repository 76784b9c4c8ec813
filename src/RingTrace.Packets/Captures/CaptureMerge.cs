namespace RingTrace.Packets.Captures;

/// <summary>
/// The records of several captures in the order of their times; equal times in the order of the captures, and the records of one
/// capture as they stand in it. For one thread; the captures stay the caller's.
/// </summary>
public sealed class CaptureMerge : IDisposable
{
    private readonly Source[] _sources;
    private readonly PriorityQueue<int, (long Time, int Source)> _heads = new();
    private int _current = -1;

    /// <summary>Merges captures.</summary>
    /// <param name="captures">At their first records.</param>
    public CaptureMerge(IEnumerable<CaptureReader> captures) => _sources = [.. captures.Select(capture => new Source(capture))];

    /// <summary>How many packets come earlier than one before them in the same capture: the result goes back in time there.</summary>
    public long OutOfOrder { get; private set; }

    /// <summary>The captures that could not be read to their ends; all that was read before is merged.</summary>
    public IReadOnlyList<CaptureException> Problems => [.. _sources.Select(source => source.Problem).OfType<CaptureException>()];

    /// <summary>Reads the next record.</summary>
    /// <param name="packet">Good until the next call.</param>
    /// <param name="source">The capture that it is from.</param>
    /// <returns>False when all captures are at their ends.</returns>
    public bool TryRead(out Packet packet, out CaptureReader source)
    {
        if (_current < 0)
        {
            for (int i = 0; i < _sources.Length; i++)
            {
                Enqueue(i);
            }
        }
        else
        {
            Enqueue(_current);
        }

        if (!_heads.TryDequeue(out _current, out _))
        {
            packet = default;
            (source, _current) = (null!, int.MaxValue);
            return false;
        }

        packet = _sources[_current].Packet;
        source = _sources[_current].Capture;
        return true;
    }

    /// <summary>Gives back the records that wait.</summary>
    public void Dispose()
    {
        foreach (Source source in _sources)
        {
            source.Batch.Dispose();
        }
    }

    private void Enqueue(int index)
    {
        if (index < _sources.Length && _sources[index].Next(out bool isEarlier))
        {
            OutOfOrder += isEarlier ? 1 : 0;
            _heads.Enqueue(index, (_sources[index].Time, index));
        }
    }

    private sealed class Source(CaptureReader capture)
    {
        private int _index = -1;
        private long _latest = long.MinValue;

        public CaptureReader Capture => capture;

        public PacketBatch Batch { get; } = new();

        public Packet Packet => Batch[_index];

        /// <summary>Where the record stands in the merge: a packet by its time; what has none behind what was before it.</summary>
        public long Time { get; private set; } = long.MinValue;

        public CaptureException? Problem { get; private set; }

        public bool Next(out bool isEarlier)
        {
            isEarlier = false;
            if (++_index >= Batch.Count)
            {
                _index = 0;
                if (!TryFill())
                {
                    return false;
                }
            }

            Packet packet = Packet;
            if (packet.Kind == PacketKind.Packet && packet.TimeNs != 0)
            {
                Time = packet.TimeNs;
                isEarlier = Time < _latest;
                _latest = Math.Max(_latest, Time);
            }

            return true;
        }

        private bool TryFill()
        {
            try
            {
                return capture.TryReadBatch(Batch);
            }
            catch (CaptureException e)
            {
                Problem = e;
                return false;
            }
        }
    }
}
