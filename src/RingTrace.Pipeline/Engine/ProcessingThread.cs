using RingTrace.Packets;
using RingTrace.Pipeline.Sources;

namespace RingTrace.Pipeline.Engine;

/// <summary>Works on what comes down its lane, and has a processor called.</summary>
internal sealed class ProcessingThread<TResult>
{
    private readonly Lane _lane;
    private readonly Mailbox _mailbox;
    private readonly PacketProcessor<TResult> _processor;
    private readonly ProcessingContext<TResult> _context;
    private readonly PipelineFaults _faults;
    private readonly long _tickIntervalNs;
    private readonly int? _cpu;
    private readonly PacketSource _source;
    private bool _hasFailed;

    public ProcessingThread(
        PacketProcessor<TResult> processor, ProcessingContext<TResult> context, Lane lane, long tickIntervalNs, int? cpu, PacketSource source,
        PipelineFaults faults)
    {
        (_processor, _context, _lane, _tickIntervalNs) = (processor, context, lane, tickIntervalNs);
        (_cpu, _source, _faults) = (cpu, source, faults);
        _mailbox = new Mailbox(lane.Wake);
        processor.Context = context;
    }

    public int Number => _context.Thread;

    public Lane Lane => _lane;

    public Mailbox Mailbox => _mailbox;

    public void Run()
    {
        Pin();
        Call("OnStarting", static processor => processor.OnStarting());
        Call("OnResuming", static processor => processor.OnResuming());
        int wait = Timeout.Infinite;
        long watermark = 0;
        bool isOver = false;
        while (!isOver)
        {
            if (_lane.Take(wait) is { } round)
            {
                watermark = round.Watermark;
                isOver = Work(round);
                round.Leave();
            }
            else
            {
                // It was woken: by a message, or because results have waited long enough.
                TryReadMail();
            }

            wait = _context.Settle(watermark);
        }
    }

    private bool Work(Round round)
    {
        ReadOnlySpan<ushort> packets = round.Of(Number);
        foreach (Mark mark in round.Marks)
        {
            int before = 0;
            while (before < packets.Length && packets[before] < mark.Index)
            {
                before++;
            }

            Work(round, packets[..before]);
            packets = packets[before..];
            if (Meet(in mark))
            {
                return true;
            }
        }

        Work(round, packets);
        return false;
    }

    private void Work(Round round, ReadOnlySpan<ushort> packets)
    {
        if (_hasFailed || _faults.IsCancelled)
        {
            _lane.Discarded += packets.Length;
            return;
        }

        int done = 0;
        int untilLook = 1;
        try
        {
            while (done < packets.Length && !_faults.IsCancelled)
            {
                if (_mailbox.HasMail && !TryReadMail())
                {
                    break;
                }

                if (--untilLook == 0)
                {
                    untilLook = _context.Look();
                }

                int index = packets[done++];
                _context.Order = round.OrderOf(index);
                Packet packet = round.Packets[index];
                if (packet.Kind == PacketKind.Packet)
                {
                    _processor.OnPacket(in packet);
                }
                else
                {
                    _processor.OnMeta(in packet);
                }
            }
        }
        catch (Exception e)
        {
            Fail(e, _source.Identify(round.Packets[packets[Math.Max(done - 1, 0)]]));
        }

        _lane.Processed += done;
        _lane.Discarded += packets.Length - done;
    }

    /// <returns>Whether it was the last.</returns>
    private bool Meet(in Mark mark)
    {
        _context.Order = mark.Order;
        TryReadMail();
        switch (mark.Kind)
        {
            case MarkKind.First:
                long time = mark.Tick.TimeNs;
                Call("OnFirstPacket", processor => processor.OnFirstPacket(time));
                break;
            case MarkKind.Tick:
                Tick(in mark);
                return false;
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

        _context.Pass(in mark);
        return mark.Kind == MarkKind.End;
    }

    private void Tick(in Mark mark)
    {
        Tick tick = mark.Tick;
        for (int i = 0; i <= mark.More; i++)
        {
            Call("OnTick", processor => processor.OnTick(tick));
            _context.Pass(mark with { Tick = tick, More = 0 });
            tick = tick with { Number = tick.Number + 1, TimeNs = tick.TimeNs + _tickIntervalNs };
        }
    }

    private void Pin()
    {
        if (_cpu is { } cpu)
        {
            Call("OnCpus", _ => CpuAffinity.PinTo(cpu));
        }
    }

    /// <returns>False when the thread has failed.</returns>
    private bool TryReadMail()
    {
        if (_mailbox.HasMail)
        {
            Call("OnMessage", processor => _mailbox.Read(processor.OnMessage));
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
            call(_processor);
        }
        catch (Exception e)
        {
            Fail(e, $"{callback}, order {_context.Order}");
        }
    }

    private void Fail(Exception error, string where)
    {
        _hasFailed = true;
        _faults.Report(new PipelineException($"processing thread {Number}, {where}: {error.Message}", error));
    }
}
