using System.Runtime.InteropServices;
using RingTrace.Pipeline.Engine;

namespace RingTrace.Pipeline.Combining;

/// <summary>
/// Results sorted by the key they were published with, equal keys in the order of their packets, and of one packet in the order they
/// were published in. They are kept until a tick or the end and passed on before it, so a tick bounds the memory; without one there
/// is a most.
/// </summary>
internal sealed class SortedCombiner<T>(ResultSink<T> sink, int threads, int most) : Combiner<T>(sink)
{
    /// <summary>In the order of packets.</summary>
    private readonly List<Result<T>> _kept = [];

    /// <summary>Places in it: the sorting is not stable by itself.</summary>
    private readonly List<int> _sorted = [];
    private bool _hasFailed;
    private OrderedCombiner<T>? _ordered;

    public override bool NeedsWatermarks => true;

    /// <summary>Brings results and marks into order first: what is kept at a mark is what came before it.</summary>
    public override void Add(ResultBatch<T> batch) => (_ordered ??= new OrderedCombiner<T>(new Keeper(this), threads)).Add(batch);

    private void Keep(in Result<T> result)
    {
        if (_kept.Count == most && !_hasFailed)
        {
            _hasFailed = true;
            Sink.Fail(new PipelineException(
                $"more than {most} results are to be sorted at once: sort between ticks (TickEvery), or allow more (Sorted)."));
        }

        if (!_hasFailed)
        {
            _kept.Add(result);
        }
    }

    private void Pass(in Mark mark)
    {
        if (mark.Kind is MarkKind.Tick or MarkKind.End)
        {
            Span<Result<T>> kept = CollectionsMarshal.AsSpan(_kept);
            for (int i = 0; i < kept.Length; i++)
            {
                _sorted.Add(i);
            }

            _sorted.Sort((left, right) => (_kept[left].Key, left).CompareTo((_kept[right].Key, right)));
            foreach (int place in _sorted)
            {
                Sink.Pass(in kept[place]);
            }

            _kept.Clear();
            _sorted.Clear();
        }

        Sink.Pass(in mark);
    }

    private sealed class Keeper(SortedCombiner<T> combiner) : ResultSink<T>
    {
        public override void Pass(in Result<T> result) => combiner.Keep(in result);

        public override void Pass(in Mark mark) => combiner.Pass(in mark);

        public override void Fail(PipelineException error) => combiner.Sink.Fail(error);
    }
}
