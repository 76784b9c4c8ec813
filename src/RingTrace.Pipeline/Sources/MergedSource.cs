using RingTrace.Packets;
using RingTrace.Pipeline.Sources.Events;

namespace RingTrace.Pipeline.Sources;

/// <summary>
/// Several sources as one, by time; of equal times, in the order they were named. A packet is taken when the next one of every
/// other source is known, or that it is not earlier; so the slowest sets the pace. A source that steps back in time is not put right:
/// its packet comes when it is met.
/// </summary>
internal sealed class MergedSource(PacketSource[] sources) : PacketSource
{
    private readonly Head[] _heads = [.. sources.Select((source, i) => new Head(source, (ushort)i))];

    public override string Name => string.Join(", ", sources.Select(source => source.Name));

    public override bool IsFile => sources.All(source => source.IsFile);

    public override long Dropped => sources.Sum(source => source.Dropped);

    public override long WatermarkNs => _heads.Min(head => head.BoundNs);

    public override long Missing => sources.Sum(source => source.Missing);

    public override long Errors => sources.Sum(source => source.Errors);

    public override EventLosses Rings => EventLosses.Sum([.. sources.Select(source => source.Rings)]);

    public override bool TryReadBatch(PacketBatch batch)
    {
        batch.Clear();
        for (bool hasRead = false; !batch.IsFull;)
        {
            Head? first = null;
            foreach (Head head in _heads)
            {
                first = head.IsAtPacket && (first is null || head.BoundNs < first.BoundNs) ? head : first;
            }

            bool isSure = true;
            foreach (Head head in _heads)
            {
                if (head.IsOut && (first is null || head.BoundNs <= first.BoundNs))
                {
                    // What has been taken is handed on before a damage is told; and a live source that has nothing is asked once.
                    if (batch.Count > 0 || hasRead)
                    {
                        return true;
                    }

                    head.Read();
                    isSure = false;
                }
            }

            hasRead = !isSure;
            if (isSure && first is null)
            {
                return false;
            }

            if (isSure)
            {
                first!.MoveTo(batch);
            }
        }

        return true;
    }

    public override string Identify(in Packet packet) => sources[packet.Fields.Source].Identify(in packet);

    public override void Interrupt()
    {
        foreach (PacketSource source in sources)
        {
            source.Interrupt();
        }
    }

    public override void Dispose()
    {
        foreach (Head head in _heads)
        {
            head.Dispose();
        }
    }

    /// <summary>Where one source stands.</summary>
    private sealed class Head(PacketSource source, ushort number) : IDisposable
    {
        private readonly PacketBatch _batch = new();
        private int _next;

        public bool IsAtPacket => _next < _batch.Count;

        public bool IsOver { get; private set; }

        /// <summary>Whether it has to read to know more.</summary>
        public bool IsOut => !IsAtPacket && !IsOver;

        /// <summary>When its next packet is, or at least is.</summary>
        public long BoundNs => IsAtPacket ? _batch.RecordOf(_next).TimeNs : IsOver ? long.MaxValue : source.WatermarkNs;

        /// <summary>Reads on. A live source may have nothing now.</summary>
        public void Read()
        {
            _next = 0;
            IsOver = !source.TryReadBatch(_batch);
        }

        public void MoveTo(PacketBatch batch) => batch.Add(_batch, _next++).Source = number;

        public void Dispose()
        {
            _batch.Dispose();
            source.Dispose();
        }
    }
}
