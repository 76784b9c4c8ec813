namespace RingTrace.Pipeline.Engine;

/// <summary>Works on what comes down its lane, and has a processor called.</summary>
internal abstract class ProcessingThread<TResult>
{
    private readonly PipelineFaults _faults;
    private bool _hasFailed;

    protected ProcessingThread(PacketProcessor<TResult> processor, ProcessingContext<TResult> context, Lane lane, PipelineFaults faults)
    {
        (Processor, Context, Lane, _faults) = (processor, context, lane, faults);
        Mailbox = new Mailbox(lane.Wake);
        processor.Context = context;
    }

    public int Number => Context.Thread;

    public Lane Lane { get; }

    public Mailbox Mailbox { get; }

    protected PacketProcessor<TResult> Processor { get; }

    protected ProcessingContext<TResult> Context { get; }

    /// <summary>What comes is only counted, for something has failed here or all is given up.</summary>
    protected bool IsGivenUp => _hasFailed || _faults.IsCancelled;

    public void Run()
    {
        Call(static processor => processor.OnStarting());
        Call(static processor => processor.OnResuming());
        int wait = Timeout.Infinite;
        long watermark = long.MinValue;
        bool isOver = false;
        while (!isOver)
        {
            if (Lane.Take(wait) is { } round)
            {
                watermark = round.Watermark;
                isOver = Work(round);
                round.Leave();
            }
            else
            {
                // It was woken: by a message, or because results have waited long enough.
                Call(null);
            }

            wait = Context.Settle(watermark);
        }
    }

    /// <summary>Works on what is its own, and meets all marks.</summary>
    /// <returns>Whether the end was among them.</returns>
    protected abstract bool Work(SharedRound round);

    /// <summary>Meets a mark: one tick, if it is one.</summary>
    protected void Meet(in Mark mark)
    {
        Context.Stand(mark.Order);
        switch (mark.Kind)
        {
            case MarkKind.First:
                long time = mark.Tick.TimeNs;
                Call(processor => processor.OnFirstPacket(time));
                break;
            case MarkKind.Tick:
                Tick tick = mark.Tick;
                Call(processor => processor.OnTick(tick));
                break;
            case MarkKind.Pause:
                Call(static processor => processor.OnPausing());
                break;
            case MarkKind.Resume:
                Call(static processor => processor.OnResuming());
                break;
            case MarkKind.End:
                Call(static processor => processor.OnPausing());
                Call(static processor => processor.OnStopping());
                break;
        }

        Context.Pass(in mark);
    }

    /// <summary>Tells of what went wrong, though this thread can go on.</summary>
    protected void Report(PipelineException error) => _faults.Report(error);

    /// <summary>Has messages read that have come.</summary>
    protected void ReadMail()
    {
        if (Mailbox.HasMail)
        {
            Mailbox.Read(Processor.OnMessage);
        }
    }

    protected void Fail(Exception error, string where)
    {
        _hasFailed = true;
        _faults.Report(new PipelineException($"processing thread {Number}, {where}: {error.Message}", error));
    }

    private void Call(Action<PacketProcessor<TResult>>? call)
    {
        if (_hasFailed)
        {
            return;
        }

        try
        {
            ReadMail();
            call?.Invoke(Processor);
        }
        catch (Exception e)
        {
            Fail(e, $"order {Context.Order}");
        }
    }
}
