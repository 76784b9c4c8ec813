using RingTrace.Pipeline.Engine;

namespace RingTrace.Pipeline.Combining;

/// <summary>Where a combiner passes results and marks on to.</summary>
internal abstract class ResultSink<T>
{
    public abstract void Pass(in Result<T> result);

    /// <summary>A mark that all threads have passed, and all results before it are passed on.</summary>
    public abstract void Pass(in Mark mark);

    /// <summary>What the combiner can't do; it goes on without results.</summary>
    public abstract void Fail(PipelineException error);
}
