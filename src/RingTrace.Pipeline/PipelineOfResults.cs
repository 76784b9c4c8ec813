using RingTrace.Pipeline.Combining;
using RingTrace.Pipeline.Engine;
using RingTrace.Pipeline.Statistics;

namespace RingTrace.Pipeline;

/// <summary>
/// A pipeline that runs. Every member may be called by any thread at any time, by its own threads in their callbacks too: there
/// <see cref="Pause"/>, <see cref="Resume"/> and <see cref="Stop"/> only ask and return at once, elsewhere they wait. Only
/// <see cref="Wait()"/> and <see cref="Dispose"/> are not for callbacks.
/// </summary>
/// <typeparam name="TResult">What the processing threads publish.</typeparam>
/// <remarks>What is waited for is what is in: a few thousand packets a thread, so as long as the callbacks take for those.</remarks>
public sealed class Pipeline<TResult> : IDisposable
{
    private const int ResultBatches = 4;

    [ThreadStatic]
    private static object? t_pipeline;

    private readonly Intake _intake;
    private readonly Gatekeeper _gatekeeper;
    private readonly PipelineFaults _faults;
    private readonly ProcessingThread<TResult>[] _processing;
    private readonly ReporterThread<TResult> _reporting;
    private readonly Combiner<TResult> _combiner;
    private readonly PipelineThreads _threads;
    private readonly Lock _asking = new();
    private Task _asked = Task.CompletedTask;

    internal Pipeline(PipelineBuilder<TResult> built, Reporter<TResult> reporter)
    {
        _intake = built.Packets.OpenIntake();
        try
        {
            _gatekeeper = new Gatekeeper(_intake.Send);
            _threads = new PipelineThreads(built.Packets.StartThread, _gatekeeper.HaveFinished);
            _faults = new PipelineFaults(() => Ask(End));
            CirclingQueue<ResultBatch<TResult>> results = new();
            _reporting = new ReporterThread<TResult>(results, reporter, _faults, _gatekeeper.HavePaused);
            _combiner = built.Combiner(_reporting, _intake.Lanes.Length);
            Pressure pressure = new(_intake.Lanes);
            _processing = [.. _intake.Lanes.Select((_, i) => _intake.Worker(
                built.Processor(),
                new ProcessingContext<TResult>(
                    i, results, ResultBatches, _combiner.NeedsWatermarks, built.Threshold, built.Latency, pressure),
                _faults))];
        }
        catch
        {
            _intake.Dispose();
            throw;
        }

        IReadOnlyList<int> cpus = built.Packets.Cpus;
        for (int i = 0; i < _processing.Length && cpus.Count > 0; i++)
        {
            _processing[i].Cpu = cpus[i % cpus.Count];
        }
    }

    /// <summary>Where it stands.</summary>
    public PipelineState State => _gatekeeper.State;

    /// <summary>How many packets went where, now. What is counted while this looks may be in it or not.</summary>
    public PipelineStatistics Statistics => _intake.Statistics;

    /// <summary>Starts all threads, or none: when the system has not enough of them, the pipeline is over.</summary>
    /// <exception cref="InvalidOperationException">It was started before, or ended.</exception>
    /// <exception cref="PipelineException">Not all threads could be started.</exception>
    public void Start()
    {
        _gatekeeper.Start();
        foreach (ProcessingThread<TResult> processing in _processing)
        {
            Add($"packets {processing.Number}", processing.Run);
        }

        Add("reporter", () => _reporting.Run(_combiner));
        Add("source", () => _intake.Run(_gatekeeper, _faults));
        if (_threads.TryStart() is { } error)
        {
            _faults.Report(error);
            _gatekeeper.HaveFinished();
            throw error;
        }
    }

    /// <summary>Starts, and waits for the end.</summary>
    /// <param name="cancel">Ends it early: no more is let in, and what is in is given up and counted.</param>
    /// <returns>How many packets went where.</returns>
    /// <exception cref="InvalidOperationException">It was started before, or ended.</exception>
    /// <exception cref="PipelineException">A source, a processor or the reporter failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public PipelineStatistics Run(CancellationToken cancel = default)
    {
        Start();
        using (cancel.UnsafeRegister(static pipeline => ((Pipeline<TResult>)pipeline!).Cancel(), this))
        {
            Wait();
        }

        cancel.ThrowIfCancellationRequested();
        return Statistics;
    }

    /// <summary>Lets no more in. Elsewhere than in a callback, waits until all that is in is reported and every thread waits.</summary>
    public void Pause()
    {
        Ask(_gatekeeper.Pause);
        if (!IsInCallback)
        {
            _gatekeeper.WaitWhile(PipelineState.Pausing);
        }
    }

    /// <summary>Goes on after a pause.</summary>
    public void Resume() => Ask(_gatekeeper.Resume);

    /// <summary>
    /// Lets no more in, for good. Elsewhere than in a callback, waits until all that is in is reported. One that was not started is over.
    /// </summary>
    /// <exception cref="PipelineException">A source, a processor or the reporter failed.</exception>
    public void Stop()
    {
        Ask(End);
        if (!IsInCallback)
        {
            Wait();
        }
    }

    /// <summary>Ends it; what is in is given up and counted. Returns at once.</summary>
    public void Cancel()
    {
        _faults.Cancel();
        AskLater(End);
    }

    /// <summary>Waits for the end.</summary>
    /// <exception cref="InvalidOperationException">A callback would wait for itself.</exception>
    /// <exception cref="PipelineException">A source, a processor or the reporter failed.</exception>
    public void Wait() => Wait(Timeout.InfiniteTimeSpan);

    /// <summary>Waits for the end, but not for ever.</summary>
    /// <param name="timeout">How long at most.</param>
    /// <returns>Whether it has ended.</returns>
    /// <exception cref="InvalidOperationException">A callback would wait for itself.</exception>
    /// <exception cref="PipelineException">A source, a processor or the reporter failed.</exception>
    public bool Wait(TimeSpan timeout)
    {
        MustNotBeCallback();
        if (!_gatekeeper.WaitForEnd(timeout))
        {
            return false;
        }

        return _faults.First is { } error ? throw error : true;
    }

    /// <summary>Sends a message to one processing thread.</summary>
    /// <param name="thread">From 0.</param>
    /// <param name="message">What it gets.</param>
    /// <returns>False when a thousand of them wait there already.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such thread.</exception>
    public bool Post(int thread, object message)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)thread, (uint)_processing.Length, nameof(thread));
        return _processing[thread].Mailbox.TryPost(message);
    }

    /// <summary>Sends a message to the reporter.</summary>
    /// <param name="message">What it gets.</param>
    /// <returns>False when a thousand of them wait there already.</returns>
    public bool PostToReporter(object message) => _reporting.Mailbox.TryPost(message);

    /// <summary>Ends it, gives up what is in, and closes the source. Not in a callback.</summary>
    /// <exception cref="InvalidOperationException">A callback would wait for itself.</exception>
    public void Dispose()
    {
        MustNotBeCallback();
        _faults.Cancel();
        End();
        _gatekeeper.WaitForEnd(Timeout.InfiniteTimeSpan);
        _intake.Dispose();
    }

    private void MustNotBeCallback()
    {
        if (IsInCallback)
        {
            throw new InvalidOperationException("a callback can't wait for the end of its own pipeline: call Stop or Cancel, which only ask.");
        }
    }

    private void End()
    {
        _gatekeeper.End();
        _intake.Interrupt();
    }

    private bool IsInCallback => ReferenceEquals(t_pipeline, this);

    /// <summary>
    /// Has something done that may wait for the pipeline's own threads: by another thread, if this is one of them. What they
    /// ask for is done in the order they asked.
    /// </summary>
    private void Ask(Action change)
    {
        if (!IsInCallback)
        {
            change();
        }
        else
        {
            AskLater(change);
        }
    }

    private void AskLater(Action change)
    {
        lock (_asking)
        {
            _asked = _asked.ContinueWith((_, work) => ((Action)work!)(), change, CancellationToken.None, default, TaskScheduler.Default);
        }
    }

    private void Add(string name, Action run) => _threads.Add(name, () =>
    {
        t_pipeline = this;
        run();
    });
}
