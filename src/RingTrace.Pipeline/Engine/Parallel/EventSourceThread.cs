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
                if (!gatekeeper.WaitUntilOpen())
                {
                    distributor.Discard(round);
                    return;
                }

                distributor.Distribute(round, feed.WatermarkNs);
                if (error is not null)
                {
                    // Not before what was found until then is in.
                    faults.Report(error);
                }

                if (wasLast)
                {
                    gatekeeper.End();
                }
            }
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
            error = new PipelineException(e.Message, e);
            return false;
        }
    }
}
