namespace RingTrace.Pipeline.Engine;

/// <summary>The threads of a pipeline: all of them run, or none.</summary>
/// <param name="start">Starts one.</param>
/// <param name="onEnded">Called by the last one that ends.</param>
internal sealed class PipelineThreads(Action<Thread> start, Action onEnded)
{
    private readonly List<Thread> _threads = [];
    private readonly Lock _starting = new();
    private bool _areAllThere;
    private int _left;

    public void Add(string name, Action run) => _threads.Add(new Thread(() =>
    {
        // Nothing is called before all threads are there: some of them alone could wait for the others for ever.
        lock (_starting)
        {
            if (!_areAllThere)
            {
                return;
            }
        }

        run();
        if (Interlocked.Decrement(ref _left) == 0)
        {
            onEnded();
        }
    })
    {
        Name = name,
        IsBackground = true,
    });

    /// <summary>Starts all of them.</summary>
    /// <returns>Why that could not be, and then none runs any more; null when they run.</returns>
    public PipelineException? TryStart()
    {
        int started = 0;
        try
        {
            lock (_starting)
            {
                for (_left = _threads.Count; started < _threads.Count; started++)
                {
                    start(_threads[started]);
                }

                _areAllThere = true;
                return null;
            }
        }
        catch (Exception e) when (e is OutOfMemoryException or ThreadStartException)
        {
            _threads[..started].ForEach(thread => thread.Join());
            return new PipelineException(
                $"only {started} of {_threads.Count} threads could be started ({e.Message}): "
                + "take fewer, or allow this process more memory or threads.",
                e);
        }
    }
}
