namespace RingTrace.Benchmarks.Measuring;

/// <summary>The threads of a contender. They live as long as it does and wait between repetitions.</summary>
internal sealed class EventThreads : IDisposable
{
    private readonly SemaphoreSlim[] _wake;
    private readonly Sample[] _samples;
    private readonly CountdownEvent _done = new(1);
    private Repetition? _repetition;
    private int _wanted, _arrived;

    /// <param name="count">How many; the n-th is pinned to the n-th CPU, and again from the first.</param>
    public EventThreads(int count)
    {
        _wake = [.. Enumerable.Range(0, count).Select(_ => new SemaphoreSlim(0))];
        _samples = new Sample[count];
        for (int n = 0; n < count; n++)
        {
            int index = n;
            new Thread(() => Work(index)) { IsBackground = true, Name = $"writer-{n}" }.Start();
        }
    }

    public int Count => _wake.Length;

    /// <summary>One repetition on the first threads, which start together.</summary>
    public Sample Run(Repetition repetition, int threads)
    {
        _repetition = repetition;
        _wanted = threads;
        Volatile.Write(ref _arrived, 0);
        _done.Reset(threads);
        for (int n = 0; n < threads; n++)
        {
            _wake[n].Release();
        }

        _done.Wait();
        return Sample.MeanOf(_samples[..threads]);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        _repetition = null;
        Array.ForEach(_wake, wake => wake.Release());
    }

    private void Work(int index)
    {
        Affinity.PinTo(index);
        EventThread thread = new();
        while (true)
        {
            _wake[index].Wait();
            if (_repetition is not { } repetition)
            {
                return;
            }

            Interlocked.Increment(ref _arrived);
            SpinWait spin = default;
            while (Volatile.Read(ref _arrived) < _wanted)
            {
                // Yields where there are more threads than CPUs, and never sleeps.
                spin.SpinOnce(sleep1Threshold: -1);
            }

            _samples[index] = thread.Run(repetition);
            _done.Signal();
        }
    }
}
