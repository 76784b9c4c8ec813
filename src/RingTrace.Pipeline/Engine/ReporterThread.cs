using RingTrace.Pipeline.Combining;

namespace RingTrace.Pipeline.Engine;

/// <summary>Has the results of all threads combined, and the reporter called.</summary>
internal sealed class ReporterThread<TResult> : ResultSink<TResult>
{
    private readonly CirclingQueue<ResultBatch<TResult>> _ready;
    private readonly Reporter<TResult> _reporter;
    private readonly PipelineFaults _faults;
    private readonly Action _onPaused;
    private bool _hasFailed;
    private bool _isOver;

    public ReporterThread(
        CirclingQueue<ResultBatch<TResult>> ready, Reporter<TResult> reporter, PipelineFaults faults, Action onPaused)
    {
        (_ready, _reporter, _faults, _onPaused) = (ready, reporter, faults, onPaused);
        Mailbox = new Mailbox(ready.Wake);
    }

    public Mailbox Mailbox { get; }

    public void Run(Combiner<TResult> combiner)
    {
        Call("OnStarting", static reporter => reporter.OnStarting());
        Call("OnResuming", static reporter => reporter.OnResuming());
        while (!_isOver)
        {
            ResultBatch<TResult>? batch = _ready.Take();
            if (Mailbox.HasMail)
            {
                Call("OnMessage", reporter => Mailbox.Read(reporter.OnMessage));
            }

            if (batch is null)
            {
                continue;
            }

            combiner.Add(batch);
        }
    }

    public override void Fail(PipelineException error)
    {
        _hasFailed = true;
        _faults.Report(error);
    }

    public override void Pass(in Result<TResult> result)
    {
        if (_hasFailed)
        {
            return;
        }

        try
        {
            _reporter.OnResult(in result);
        }
        catch (Exception e)
        {
            Fail(e, $"the result of order {result.Order}, thread {result.Thread}");
        }
    }

    public override void Pass(in Mark mark)
    {
        Tick tick = mark.Tick;
        switch (mark.Kind)
        {
            case MarkKind.First:
                Call("OnFirstPacket", reporter => reporter.OnFirstPacket(tick.TimeNs));
                break;
            case MarkKind.Tick:
                Call("OnTick", reporter => reporter.OnTick(tick));
                break;
            case MarkKind.Pause:
                Call("OnPausing", static reporter => reporter.OnPausing());
                _onPaused();
                break;
            case MarkKind.Resume:
                Call("OnResuming", static reporter => reporter.OnResuming());
                break;
            case MarkKind.End:
                Call("OnPausing", static reporter => reporter.OnPausing());
                Call("OnStopping", static reporter => reporter.OnStopping());
                _isOver = true;
                break;
        }
    }

    private void Call(string callback, Action<Reporter<TResult>> call)
    {
        if (_hasFailed)
        {
            return;
        }

        try
        {
            call(_reporter);
        }
        catch (Exception e)
        {
            Fail(e, callback);
        }
    }

    private void Fail(Exception error, string where) =>
        Fail(new PipelineException($"reporter, {where}: {error.Message}", error));
}
