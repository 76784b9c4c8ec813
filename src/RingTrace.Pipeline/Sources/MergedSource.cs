using RingTrace.Packets;

namespace RingTrace.Pipeline.Sources;

/// <summary>
/// Several sources as one, by time; of equal times, in the order they were named. A packet is taken when the next one of every
/// other source is known, so the slowest sets the pace. A source that steps back in time is not put right: its packet comes when
/// it is met.
/// </summary>
internal sealed class MergedSource(PacketSource[] sources) : PacketSource
{
    private readonly Head[] _heads = [.. sources.Select(source => new Head(source))];

    public override string Name => string.Join(", ", sources.Select(source => source.Name));

    public override bool IsFile => sources.All(source => source.IsFile);

    public override long Dropped => sources.Sum(source => source.Dropped);

    public override bool TryReadBatch(PacketBatch batch)
    {
        batch.Clear();
        while (!batch.IsFull)
        {
            Head? first = null;
            foreach (Head head in _heads)
            {
                // What has been taken is handed on before a damage is told.
                if (!head.IsAtPacket && batch.Count > 0 && !head.IsOver)
                {
                    return true;
                }

                if (head.TryStand() && (first is null || head.TimeNs < first.TimeNs))
                {
                    first = head;
                }
            }

            if (first is null)
            {
                break;
            }

            first.MoveTo(batch);
        }

        return batch.Count > 0;
    }

    public override void Dispose()
    {
        foreach (Head head in _heads)
        {
            head.Dispose();
        }
    }

    /// <summary>Where one source stands.</summary>
    private sealed class Head(PacketSource source) : IDisposable
    {
        private readonly PacketBatch _batch = new();
        private int _next;

        public bool IsAtPacket => _next < _batch.Count;

        public bool IsOver { get; private set; }

        public long TimeNs => _batch.RecordOf(_next).TimeNs;

        /// <summary>Goes to the next packet, unless it stands at one.</summary>
        public bool TryStand()
        {
            if (!IsAtPacket && !IsOver)
            {
                _next = 0;
                IsOver = !source.TryReadBatch(_batch);
            }

            return IsAtPacket;
        }

        public void MoveTo(PacketBatch batch) => batch.Add(_batch, _next++);

        public void Dispose()
        {
            _batch.Dispose();
            source.Dispose();
        }
    }
}
