using RingTrace.Pipeline.Engine;

namespace RingTrace.Pipeline.Combining;

/// <summary>Has a user's combiner called with results as they come, and with how far all threads are.</summary>
internal sealed class CustomCombiner<T> : Combiner<T>
{
    private readonly ResultCombiner<T> _custom;
    private readonly UnorderedCombiner<T> _unordered;
    private readonly long[] _watermarks;
    private long _complete;
    private bool _hasFailed;

    public CustomCombiner(ResultSink<T> sink, int threads, ResultCombiner<T> custom)
        : base(sink)
    {
        _custom = custom;
        _custom.Sink = custom.Sink is null ? sink
            : throw new InvalidOperationException("the combiner is another pipeline's: CombinedBy takes a function that makes a new one.");
        _unordered = new UnorderedCombiner<T>(new Caller(this), threads);
        _watermarks = new long[threads];
    }

    public override bool NeedsWatermarks => true;

    public override void Add(ResultBatch<T> batch)
    {
        (int thread, long watermark) = (batch.Thread, batch.Watermark.Order);
        _unordered.Add(batch);
        _watermarks[thread] = watermark;
        long least = _watermarks.Min();
        if (least > 0 && least - 1 > _complete)
        {
            Complete(least - 1);
        }
    }

    private void Complete(long order)
    {
        if (_hasFailed)
        {
            return;
        }

        _complete = Math.Max(_complete, order);
        try
        {
            _custom.OnComplete(_complete);
        }
        catch (Exception e)
        {
            Fail(e, $"complete up to order {order}");
        }
    }

    private void Take(in Result<T> result)
    {
        if (_hasFailed)
        {
            return;
        }

        try
        {
            _custom.OnResult(in result);
        }
        catch (Exception e)
        {
            Fail(e, $"the result of order {result.Order}, thread {result.Thread}");
        }
    }

    private void Fail(Exception error, string where)
    {
        _hasFailed = true;
        Sink.Fail(new PipelineException($"combiner, {where}: {error.Message}", error));
    }

    private sealed class Caller(CustomCombiner<T> combiner) : ResultSink<T>
    {
        public override void Pass(in Result<T> result) => combiner.Take(in result);

        public override void Pass(in Mark mark)
        {
            combiner.Complete(mark.Order);
            combiner.Sink.Pass(in mark);
        }

        public override void Fail(PipelineException error) => combiner.Sink.Fail(error);
    }
}
