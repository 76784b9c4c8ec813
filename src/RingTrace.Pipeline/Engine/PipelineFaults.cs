namespace RingTrace.Pipeline.Engine;

/// <summary>The first thing that went wrong, and whether what waits is given up. Any thread.</summary>
internal sealed class PipelineFaults(Action stop)
{
    private PipelineException? _first;
    private volatile bool _isCancelled;

    public PipelineException? First => Volatile.Read(ref _first);

    /// <summary>What is in is not worked on any more.</summary>
    public bool IsCancelled => _isCancelled;

    public void Cancel() => _isCancelled = true;

    /// <summary>Keeps the first one and has the pipeline stopped.</summary>
    public void Report(PipelineException error)
    {
        if (Interlocked.CompareExchange(ref _first, error, null) is null)
        {
            stop();
        }
    }
}
