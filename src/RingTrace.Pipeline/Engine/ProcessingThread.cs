using RingTrace.Formats;
using RingTrace.Packets;
using RingTrace.Pipeline.Sources.Events;

namespace RingTrace.Pipeline.Engine;

/// <summary>Works on what comes down its lane, and has a processor called.</summary>
internal sealed class ProcessingThread<TResult>
{
    private readonly DeliveryLane _lane;
    private readonly Mailbox _mailbox;
    private readonly PacketProcessor<TResult> _processor;
    private readonly ProcessingContext<TResult> _context;
    private readonly PipelineFaults _faults;
    private Counter _processed;
    private Counter _discarded;
    private readonly EventViewer _events = new();
    private bool _hasFailed;

    public ProcessingThread(PacketProcessor<TResult> processor, ProcessingContext<TResult> context, DeliveryLane lane, PipelineFaults faults)
    {
        (_processor, _context, _lane, _faults) = (processor, context, lane, faults);
        _mailbox = new Mailbox(lane.Wake);
        processor.Context = context;
    }

    public int Number => _context.Thread;

    public long Processed => _processed.Value;

    public long Discarded => _discarded.Value;

    public Mailbox Mailbox => _mailbox;

    public void Run()
    {
        Call(static processor => processor.OnStarting());
        Call(static processor => processor.OnResuming());
        int wait = Timeout.Infinite;
        long watermark = 0;
        bool isOver = false;
        while (!isOver)
        {
            if (_lane.Take(wait) is { } delivery)
            {
                watermark = delivery.Watermark;
                isOver = Work(delivery);
                _lane.Return(delivery);
            }
            else
            {
                // It was woken: by a message, or because results have waited long enough.
                Call(null);
            }

            wait = _context.Settle(watermark);
        }

        _events.Clear();
    }

    private bool Work(Delivery delivery)
    {
        int next = 0;
        foreach (Mark mark in delivery.Marks)
        {
            Work(delivery.Packets, ref next, mark.Index);
            if (Meet(in mark))
            {
                return true;
            }
        }

        Work(delivery.Packets, ref next, delivery.Packets.Count);
        return false;
    }

    private void Work(PacketBatch packets, ref int next, int end)
    {
        if (_hasFailed || _faults.IsCancelled)
        {
            _discarded.Value += end - next;
            next = end;
            return;
        }

        int begin = next;
        try
        {
            for (; next < end; next++)
            {
                if (_mailbox.HasMail)
                {
                    _mailbox.Read(_processor.OnMessage);
                }

                _context.Order = packets.RecordOf(next).Order;
                Packet packet = packets[next];
                switch (packet.Kind)
                {
                    case PacketKind.Packet:
                        _processor.OnPacket(in packet);
                        break;
                    case PacketKind.Event:
                        EventView item = _events.View(in packet);
                        _processor.OnEvent(in item);
                        break;
                    default:
                        _processor.OnMeta(in packet);
                        break;
                }

                if (_faults.IsCancelled)
                {
                    next++;
                    break;
                }
            }
        }
        catch (Exception e)
        {
            Packet packet = packets[next];
            Fail(e, $"{(packet.Kind == PacketKind.Event ? "the event of" : $"packet {packet.Number}, of")} {packet.TimeNs} ns (order {_context.Order})");
            next++;
        }

        _processed.Value += next - begin;
        _discarded.Value += end - next;
        next = end;
    }

    /// <returns>Whether it was the last.</returns>
    private bool Meet(in Mark mark)
    {
        _context.Order = mark.Order;
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

        _context.Pass(in mark);
        return mark.Kind == MarkKind.End;
    }

    private void Call(Action<PacketProcessor<TResult>>? call)
    {
        if (_hasFailed)
        {
            return;
        }

        try
        {
            if (_mailbox.HasMail)
            {
                _mailbox.Read(_processor.OnMessage);
            }

            call?.Invoke(_processor);
        }
        catch (Exception e)
        {
            Fail(e, $"order {_context.Order}");
        }
    }

    private void Fail(Exception error, string where)
    {
        _hasFailed = true;
        _faults.Report(new PipelineException($"processing thread {Number}, {where}: {error.Message}", error));
    }
}
