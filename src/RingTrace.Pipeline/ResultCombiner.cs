using RingTrace.Pipeline.Combining;

namespace RingTrace.Pipeline;

/// <summary>
/// A combiner of one's own: brings the results of all threads into one stream, and may keep, drop, join or reorder them. One object,
/// all calls from the reporter's thread. Ticks, pauses and the end are passed on by the pipeline, at their place.
/// </summary>
/// <typeparam name="TResult">What the processing threads publish.</typeparam>
/// <remarks>
/// An exception ends the pipeline. What is kept is not bounded by the pipeline: pass results on when <see cref="OnComplete"/> says
/// that they can be.
/// </remarks>
public abstract class ResultCombiner<TResult>
{
    internal ResultSink<TResult>? Sink { get; set; }

    /// <summary>A result. Those of one thread come in their order, those of different threads as they come.</summary>
    /// <param name="result">Good for this call; a copy may be kept.</param>
    public abstract void OnResult(in Result<TResult> result);

    /// <summary>
    /// Every result up to an order is in. Called now and then, and always before a tick, a pause and the end, for all that was
    /// published before them: what is passed on here comes before them.
    /// </summary>
    /// <param name="order">
    /// What comes later has a higher one; or the same, when it is published at another tick between the same two packets.
    /// </param>
    public virtual void OnComplete(long order)
    {
    }

    /// <summary>Passes a result on to the reporter. Only inside of the calls above.</summary>
    /// <param name="result">One that came in, or another.</param>
    protected void Pass(in Result<TResult> result)
    {
        if (Sink is not { } sink)
        {
            throw new InvalidOperationException("results can be passed on only inside of the combiner's calls, in a pipeline.");
        }

        sink.Pass(in result);
    }
}
