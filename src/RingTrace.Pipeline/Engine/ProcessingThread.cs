using System.Runtime.CompilerServices;

namespace RingTrace.Pipeline.Engine;

/// <summary>Works on what comes down its lane, and has a processor called.</summary>
internal abstract class ProcessingThread<TResult>
{
    private readonly PipelineFaults _faults;
    private bool _hasFailed;
    private int _untilLook;

    protected ProcessingThread(PacketProcessor<TResult> processor, ProcessingContext<TResult> context, Lane lane, PipelineFaults faults)
    {
        (Processor, Context, Lane, _faults) = (processor, context, lane, faults);
        Mailbox = new Mailbox(lane.Wake);
        processor.Context = processor.Context is null ? context
            : throw new InvalidOperationException("the processor is another thread's: Process takes a function that makes a new one for each.");
    }

    public int Number => Context.Thread;

    public Lane Lane { get; }

    public Mailbox Mailbox { get; }

    /// <summary>The CPU it runs on; null is wherever the system likes. Set before the start.</summary>
    public int? Cpu { get; set; }

    protected PacketProcessor<TResult> Processor { get; }

    protected ProcessingContext<TResult> Context { get; }

    /// <summary>What comes is only counted, for something has failed here or all is given up.</summary>
    protected bool IsGivenUp => _hasFailed || _faults.IsCancelled;

    public void Run()
    {
        if (Cpu is { } cpu)
        {
            Call("OnCpus", _ => CpuAffinity.PinTo(cpu));
        }

        Call("OnStarting", static processor => processor.OnStarting());
        Call("OnResuming", static processor => processor.OnResuming());
        int wait = Timeout.Infinite;
        long watermark = long.MinValue;
        bool isOver = false;
        while (!isOver)
        {
            SharedRound? round = Lane.Take(wait);

            // Whoever posts a message wakes this thread, which may take a round then, without packets of its own.
            TryReadMail();
            if (round is not null)
            {
                watermark = round.Watermark;
                isOver = Work(round);
                round.Leave();

                // What is published before the next round is behind this one: the reporter is told so.
                Context.Stand(watermark);
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
        TryReadMail();
        switch (mark.Kind)
        {
            case MarkKind.First:
                long time = mark.Tick.TimeNs;
                Call("OnFirstPacket", processor => processor.OnFirstPacket(time));
                break;
            case MarkKind.Tick:
                Tick tick = mark.Tick;
                Call("OnTick", processor => processor.OnTick(tick));
                break;
            case MarkKind.Pause:
                Call("OnPausing", static processor => processor.OnPausing());
                break;
            case MarkKind.Resume:
                Call("OnResuming", static processor => processor.OnResuming());
                break;
            case MarkKind.End:
                Call("OnPausing", static processor => processor.OnPausing());
                Call("OnStopping", static processor => processor.OnStopping());
                break;
        }

        Context.Pass(in mark);
    }

    /// <summary>Tells of what went wrong, though this thread can go on.</summary>
    protected void Report(PipelineException error) => _faults.Report(error);

    /// <summary>Before each packet: messages that have come, and results that have waited for long.</summary>
    /// <returns>False when the thread has failed.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected bool Attend()
    {
        if (--_untilLook <= 0)
        {
            _untilLook = Context.Look();
        }

        return !Mailbox.HasMail || TryReadMail();
    }

    protected void Fail(Exception error, string where)
    {
        _hasFailed = true;
        _faults.Report(new PipelineException($"processing thread {Number}, {where}: {error.Message}", error));
    }

    private bool TryReadMail()
    {
        if (Mailbox.HasMail)
        {
            Call("OnMessage", processor => Mailbox.Read(processor.OnMessage));
        }

        return !_hasFailed;
    }

    private void Call(string callback, Action<PacketProcessor<TResult>> call)
    {
        if (_hasFailed)
        {
            return;
        }

        try
        {
            call(Processor);
        }
        catch (Exception e)
        {
            Fail(e, $"{callback}, order {Context.Order}");
        }
    }
}
