using RingTrace.Pipeline.Sources.Events;

namespace RingTrace.Pipeline.Engine.Parallel;

/// <summary>
/// Visits the rings, and hands over what it found when it is let. It holds the distributor's lock only for that: whoever pauses or ends the
/// pipeline never waits for a visit.
/// </summary>
internal sealed class EventSourceThread(
    EventFeed feed, EventDistributor distributor, CirclingQueue<EventRound> free, Gatekeeper gatekeeper, PipelineFaults faults)
{
    public void Run()
    {
        bool wasLast = false;
        while (!wasLast)
        {
            EventRound round = free.Take()!;
            wasLast = !TryVisit(round);
            lock (gatekeeper.Gate)
            {
                if (!gatekeeper.WaitUntilOpen())
                {
                    distributor.Discard(round);
                    return;
                }

                distributor.Distribute(round, feed.WatermarkNs);
                if (wasLast)
                {
                    gatekeeper.End();
                }
            }
        }
    }

    private bool TryVisit(EventRound round)
    {
        try
        {
            return feed.TryVisit(round.Packets.Add);
        }
        catch (Exception e)
        {
            faults.Report(new PipelineException(e.Message, e));
            return false;
        }
    }
}
