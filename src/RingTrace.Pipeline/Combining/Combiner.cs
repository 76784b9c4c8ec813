namespace RingTrace.Pipeline.Combining;

/// <summary>Brings the results of all threads into one stream, on the reporter's thread.</summary>
internal abstract class Combiner<T>(ResultSink<T> sink)
{
    protected ResultSink<T> Sink => sink;

    /// <summary>Whether it is told how far a thread is also when there is nothing of it.</summary>
    public virtual bool NeedsWatermarks => false;

    /// <summary>Takes what a thread has ready, and passes on what can be. Batches of one thread come in its order.</summary>
    public abstract void Add(ResultBatch<T> batch);
}
