namespace RingTrace.Pipeline.Engine;

/// <summary>Where a pipeline stands, and who may pass: the source asks before it distributes; pauses and the end are sent from here.</summary>
/// <remarks>
/// Two locks. <see cref="Gate"/> is held by whoever distributes or sends: it may wait there for the processing threads, and they
/// for the reporter, so none of these ever takes it. The state has a lock of its own, in which nobody waits for anything but
/// the state; taken inside of the gate, never the other way round.
/// </remarks>
internal sealed class Gatekeeper(Action<MarkKind> send)
{
    private readonly object _standing = new();
    private volatile PipelineState _state = PipelineState.New;

    public object Gate { get; } = new();

    public PipelineState State => _state;

    /// <summary>Whether packets may pass; while the gate is held it does not become otherwise.</summary>
    public bool IsOpen => _state == PipelineState.Running;

    /// <exception cref="InvalidOperationException">It was started or ended before.</exception>
    public void Start()
    {
        if (!TryBecome(PipelineState.Running, PipelineState.New))
        {
            throw new InvalidOperationException("the pipeline was started or ended before: open another one.");
        }
    }

    public void Pause()
    {
        lock (Gate)
        {
            if (TryBecome(PipelineState.Pausing, PipelineState.Running))
            {
                send(MarkKind.Pause);
                Monitor.PulseAll(Gate);
            }
        }
    }

    /// <summary>By the reporter: it has met the pause.</summary>
    public void HavePaused() => TryBecome(PipelineState.Paused, PipelineState.Pausing);

    public void Resume()
    {
        do
        {
            WaitWhile(PipelineState.Pausing);
            lock (Gate)
            {
                if (_state == PipelineState.Paused)
                {
                    send(MarkKind.Resume);
                    TryBecome(PipelineState.Running, PipelineState.Paused);
                    Monitor.PulseAll(Gate);
                }
            }
        }
        while (_state == PipelineState.Pausing);
    }

    /// <summary>No more is let in; what is in is worked on. One that was not started is over at once.</summary>
    public void End()
    {
        lock (Gate)
        {
            if (!TryBecome(PipelineState.Finished, PipelineState.New)
                && TryBecome(PipelineState.Stopping, PipelineState.Running, PipelineState.Pausing, PipelineState.Paused))
            {
                send(MarkKind.End);
                Monitor.PulseAll(Gate);
            }
        }
    }

    /// <summary>All threads have ended.</summary>
    public void HaveFinished() => TryBecome(PipelineState.Finished, PipelineState.Stopping);

    /// <summary>By the source, which holds the gate: waits while the pipeline is paused.</summary>
    /// <returns>False when it is over.</returns>
    public bool WaitUntilOpen()
    {
        while (_state is PipelineState.Pausing or PipelineState.Paused)
        {
            Monitor.Wait(Gate);
        }

        return _state == PipelineState.Running;
    }

    /// <summary>Waits until a pause that was begun is reached, or given up.</summary>
    public void WaitWhile(PipelineState state)
    {
        lock (_standing)
        {
            while (_state == state)
            {
                Monitor.Wait(_standing);
            }
        }
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>False when the time was over.</returns>
    public bool WaitForEnd(TimeSpan timeout)
    {
        long end = timeout == Timeout.InfiniteTimeSpan ? long.MaxValue : Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        lock (_standing)
        {
            while (_state != PipelineState.Finished)
            {
                long left = end - Environment.TickCount64;
                if (left <= 0)
                {
                    return false;
                }

                Monitor.Wait(_standing, (int)Math.Min(left, int.MaxValue));
            }

            return true;
        }
    }

    private bool TryBecome(PipelineState state, params ReadOnlySpan<PipelineState> from)
    {
        lock (_standing)
        {
            if (!from.Contains(_state))
            {
                return false;
            }

            _state = state;
            Monitor.PulseAll(_standing);
            return true;
        }
    }
}
