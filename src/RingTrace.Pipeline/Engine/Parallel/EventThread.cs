using RingTrace.Formats;
using RingTrace.Pipeline.Sources.Events;

namespace RingTrace.Pipeline.Engine.Parallel;

/// <summary>
/// Decodes the packets of its own streams, and has a processor called for their events in the order of time, up to the watermark:
/// what comes later can't be earlier. It says how far it is in the same measure, so the reporter needs no other.
/// </summary>
internal sealed class EventThread<TResult>(
    PacketProcessor<TResult> processor, ProcessingContext<TResult> context, Lane lane, long tickIntervalNs, PipelineFaults faults)
    : ProcessingThread<TResult>(processor, context, lane, faults)
{
    private PacketDecoder? _decoder;
    private long _reachedNs = long.MinValue;

    /// <summary>Something went wrong in decoding: no more is decoded.</summary>
    private bool _isBroken;

    protected override bool Work(SharedRound shared)
    {
        EventRound round = (EventRound)shared;
        for (int i = 0; i < round.Packets.Count; i++)
        {
            if (round.Threads[i] == Number)
            {
                Take(round.Packets[i]);
            }
        }

        foreach (Mark mark in round.Marks)
        {
            for (int i = 0; i <= mark.More; i++)
            {
                Mark each = mark.One(i, tickIntervalNs);
                each = each.Kind == MarkKind.Tick ? each with { Order = each.Tick.TimeNs } : each;
                GiveOut(each.Order);
                Meet(in each);
            }

            if (mark.Kind == MarkKind.End)
            {
                End();
                return true;
            }
        }

        GiveOut(round.WatermarkNs);
        return false;
    }

    private void Take(EventPacket packet)
    {
        if (_isBroken)
        {
            packet.Release();
            return;
        }

        try
        {
            packet.AddTo(_decoder ??= new PacketDecoder(packet.Trace));
        }
        catch (Exception e)
        {
            Break(e, packet.Place);
        }
    }

    /// <summary>What was damaged is told when all else has been given out.</summary>
    private void End()
    {
        if (_decoder?.Problems is [TraceProblem damage, ..])
        {
            Report(new PipelineException(damage.Message));
        }

        _decoder?.Dispose();
    }

    /// <param name="beforeNs">What is earlier; with the highest number, all.</param>
    private void GiveOut(long beforeNs)
    {
        if (_decoder is null || beforeNs == long.MinValue)
        {
            return;
        }

        long upTo = beforeNs == long.MaxValue ? beforeNs : beforeNs - 1;
        long given = 0;
        EventClass? kind = null;
        try
        {
            for (; !IsGivenUp && Attend() && _decoder.MoveNext(upTo); kind = null)
            {
                EventView item = _decoder.Current;
                given++;
                kind = item.EventClass;
                if (item.Timestamp < _reachedNs)
                {
                    Lane.Late++;
                }

                Context.Stand(Math.Min(item.Timestamp, long.MaxValue - 1), item.Stream.Index);
                Processor.OnEvent(in item);
            }
        }
        catch (Exception e) when (kind is null)
        {
            Break(e, _decoder.Place);
        }
        catch (Exception e)
        {
            Fail(e, $"event {kind?.Name} of stream {Context.Place.Stream}, {Context.Place.Order} ns after 1970");
        }

        Lane.Given += given;
        Lane.Processed += given;
        if (IsGivenUp && !_isBroken)
        {
            GiveUp(_decoder, upTo);
        }

        Lane.Errors = _decoder?.ProblemCount ?? Lane.Errors;
        _reachedNs = Math.Max(_reachedNs, beforeNs);
    }

    /// <summary>Counts the rest.</summary>
    private void GiveUp(PacketDecoder decoder, long upTo)
    {
        try
        {
            while (decoder.MoveNext(upTo))
            {
                Lane.Given++;
                Lane.Discarded++;
            }
        }
        catch (Exception e)
        {
            Break(e, decoder.Place);
        }
    }

    /// <summary>No packet is to blame, so nothing is to be trusted: what is in is let go, uncounted.</summary>
    private void Break(Exception error, string place)
    {
        Fail(error, $"decoding {place}");
        _isBroken = true;
        _decoder?.Dispose();
        _decoder = null;
    }
}
