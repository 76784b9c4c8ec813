using RingTrace.Pipeline.Engine;

namespace RingTrace.Pipeline.Combining;

/// <summary>
/// Results as they come. Of one thread they keep their order; a mark is passed on when the last thread has met it, so all that
/// came before it is in, and some of what came after may be, too.
/// </summary>
internal sealed class UnorderedCombiner<T>(ResultSink<T> sink, int threads) : Combiner<T>(sink)
{
    /// <summary>Marks that some threads have met, in their order, and how many.</summary>
    private readonly Queue<Mark> _open = new();
    private readonly long[] _met = new long[threads];
    private long _passed;

    public override void Add(ResultBatch<T> batch)
    {
        int next = 0;
        foreach (Mark mark in batch.Marks)
        {
            Pass(batch, ref next, mark.Index);
            Meet(batch.Thread, mark);
        }

        Pass(batch, ref next, batch.Count);
        batch.Release();
    }

    private void Pass(ResultBatch<T> batch, ref int next, int end)
    {
        for (; next < end; next++)
        {
            Sink.Pass(in batch[next]);
        }
    }

    private void Meet(int thread, in Mark mark)
    {
        if (_met[thread]++ == _passed + _open.Count)
        {
            // The first thread to meet it.
            _open.Enqueue(mark);
        }

        while (_open.Count > 0 && _met.Min() > _passed)
        {
            _passed++;
            Mark passed = _open.Dequeue();
            Sink.Pass(in passed);
        }
    }
}
