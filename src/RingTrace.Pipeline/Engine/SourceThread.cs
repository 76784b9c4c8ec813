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
            TargetedBatch? batch = Read();
            lock (gatekeeper.Gate)
            {
                if (!gatekeeper.WaitUntilOpen())
                {
                    distributor.Discard(batch?.Packets.Count ?? 0);
                    isOver = true;
                }
                else if (batch is null)
                {
                    gatekeeper.End();
                    isOver = true;
                }
                else
                {
                    distributor.Distribute(batch.Packets, batch.Targets);
                }
            }

            if (batch is not null)
            {
                router.Return(batch);
            }
        }
    }

    private TargetedBatch? Read()
    {
        try
        {
            return router.TryRead(out TargetedBatch batch) ? batch : null;
        }
        catch (Exception e)
        {
            faults.Report(e as PipelineException ?? (e is CaptureException or FilterException
                ? new PipelineException(e.Message, e) : new PipelineException($"source: {e.Message}", e)));
            return null;
        }
    }
}
