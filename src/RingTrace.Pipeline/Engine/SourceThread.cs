using RingTrace.Packets;
using RingTrace.Packets.Filters;

namespace RingTrace.Pipeline.Engine;

/// <summary>
/// Reads, and distributes what it read when it is let. It holds the distributor's lock only for that, so whoever pauses or ends
/// the pipeline never waits for a packet; a thread that still waits for one when all is over is left behind, and ends with it.
/// </summary>
internal sealed class SourceThread(Router router, Distributor distributor, Gatekeeper gatekeeper, PipelineFaults faults)
{
    public void Run()
    {
        bool isOver = false;
        while (!isOver)
        {
            Round? round = Read(out int filtered);
            lock (gatekeeper.Gate)
            {
                if (!gatekeeper.WaitUntilOpen())
                {
                    distributor.Discard(round?.Packets.Count ?? 0);
                    round?.Return();
                    isOver = true;
                }
                else if (round is null)
                {
                    gatekeeper.End();
                    isOver = true;
                }
                else
                {
                    distributor.Distribute(round, filtered);
                }
            }
        }
    }

    private Round? Read(out int filtered)
    {
        filtered = 0;
        try
        {
            return router.TryRead(out Round round, out filtered) ? round : null;
        }
        catch (Exception e)
        {
            faults.Report(e as PipelineException ?? (e is CaptureException or FilterException
                ? new PipelineException(e.Message, e) : new PipelineException($"source: {e.Message}", e)));
            return null;
        }
    }
}
