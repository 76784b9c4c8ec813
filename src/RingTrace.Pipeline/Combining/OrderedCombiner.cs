using RingTrace.Pipeline.Engine;

namespace RingTrace.Pipeline.Combining;

/// <summary>
/// Results in the order of their packets: what one thread alone would have published. A result is passed on as soon as no
/// thread can still publish one that comes before it: each has one in hand that is later, or has said by its watermark that
/// it is further. So an idle thread holds nobody up. Of one packet, results keep the order they were published in.
/// </summary>
internal sealed class OrderedCombiner<T> : Combiner<T>
{
    private readonly Lane[] _lanes;

    public OrderedCombiner(ResultSink<T> sink, int threads)
        : base(sink) => _lanes = [.. Enumerable.Range(0, threads).Select(_ => new Lane())];

    public override bool NeedsWatermarks => true;

    public override void Add(ResultBatch<T> batch)
    {
        _lanes[batch.Thread].Add(batch);
        while (Next() is { } lane)
        {
            if (lane.IsAtMark)
            {
                // The lane with the earliest of all that is in hand is at a mark, so all are: each has it.
                Mark mark = lane.Mark;
                foreach (Lane each in _lanes)
                {
                    each.PassMark();
                }

                Sink.Pass(in mark);
            }
            else
            {
                PassRun(lane);
            }
        }
    }

    /// <summary>
    /// The lane with the earliest in hand, when nothing earlier can come; a mark only when all lanes are at it. What was
    /// published at a mark has its order and comes before it.
    /// </summary>
    private Lane? Next()
    {
        Lane first = _lanes[0];
        foreach (Lane lane in _lanes)
        {
            if (lane.Bound.IsBefore(first.Bound) || (lane.Bound == first.Bound && first.IsAtMark && !lane.IsAtMark))
            {
                first = lane;
            }
        }

        if (!first.HasNext)
        {
            return null;
        }

        if (first.IsAtMark)
        {
            foreach (Lane lane in _lanes)
            {
                if (!lane.IsAtMark)
                {
                    // All that it has in hand is before the mark, even where it says otherwise: so nobody waits for ever.
                    return lane.HasNext ? lane : null;
                }
            }
        }

        return first;
    }

    /// <summary>Passes on what is earlier than anything of the other lanes.</summary>
    private void PassRun(Lane lane)
    {
        Place limit = new(long.MaxValue, int.MaxValue);
        foreach (Lane other in _lanes)
        {
            if (other != lane)
            {
                limit = other.Bound.IsBefore(limit) ? other.Bound : limit;
            }
        }

        do
        {
            Sink.Pass(in lane.Result);
            lane.PassResult();
        }
        while (lane.HasNext && !lane.IsAtMark && lane.Bound.IsBefore(limit));
    }

    /// <summary>What one thread has published and is not passed on yet.</summary>
    private sealed class Lane
    {
        private static readonly Place Unknown = new(long.MinValue, Place.None);

        private readonly Queue<ResultBatch<T>> _waiting = new();
        private ResultBatch<T>? _batch;
        private int _result;
        private int _mark;
        private Place _watermark = Unknown;

        public bool HasNext => _batch is not null;

        public bool IsAtMark { get; private set; }

        /// <summary>The place of what comes next of this lane, or one that it is not before.</summary>
        public Place Bound { get; private set; } = Unknown;

        public ref readonly Result<T> Result => ref _batch![_result];

        public Mark Mark => _batch!.Marks[_mark];

        public void Add(ResultBatch<T> batch)
        {
            if (_batch is null)
            {
                _batch = batch;
                Settle();
            }
            else
            {
                _waiting.Enqueue(batch);
            }
        }

        public void PassResult()
        {
            _result++;
            Settle();
        }

        public void PassMark()
        {
            _mark++;
            Settle();
        }

        /// <summary>Finds what is next, and gives back the batches that are done with.</summary>
        private void Settle()
        {
            while (_batch is { } batch)
            {
                IsAtMark = _mark < batch.Marks.Count && batch.Marks[_mark].Index == _result;
                if (IsAtMark)
                {
                    Bound = new Place(batch.Marks[_mark].Order, Place.None);
                    return;
                }

                if (_result < batch.Count)
                {
                    Bound = batch[_result].Place;
                    return;
                }

                _watermark = batch.Watermark;
                (_result, _mark) = (0, 0);
                _batch = _waiting.TryDequeue(out ResultBatch<T>? next) ? next : null;
                batch.Release();
            }

            Bound = _watermark;
        }
    }
}
