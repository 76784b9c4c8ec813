using RingTrace.Pipeline.Sources.Events;

namespace RingTrace.Pipeline.Engine.Parallel;

/// <summary>
/// Visits the rings, and hands over what it found when it is let. It holds the distributor's lock only for that: whoever pauses or ends the
/// pipeline never waits for a visit.
/// </summary>
internal sealed class EventSourceThread(
    EventFeed feed, EventDistributor distributor, FreeList<EventRound> free, Gatekeeper gatekeeper, PipelineFaults faults)
{
    public void Run()
    {
        bool wasLast = false;
        while (!wasLast)
        {
            EventRound round = free.Take();
            wasLast = !TryVisit(round, out PipelineException? error);
            lock (gatekeeper.Gate)
            {
                bool isOpen = gatekeeper.WaitUntilOpen();
                error = TryPass(round, isOpen) ?? (isOpen ? error : null);
                if (error is not null)
                {
                    // Not before what was found until then is in.
                    faults.Report(error);
                }

                if (!isOpen)
                {
                    return;
                }

                if (wasLast)
                {
                    gatekeeper.End();
                }
            }
        }
    }

    private PipelineException? TryPass(EventRound round, bool isOpen)
    {
        try
        {
            if (isOpen)
            {
                distributor.Distribute(round, feed.WatermarkNs);
            }
            else
            {
                distributor.Discard(round);
            }

            return null;
        }
        catch (PipelineException e)
        {
            return e;
        }
    }

    private bool TryVisit(EventRound round, out PipelineException? error)
    {
        error = null;
        try
        {
            return feed.TryVisit(round.Packets.Add);
        }
        catch (Exception e)
        {
            error = feed.Fault(e);
            return false;
        }
    }
}
