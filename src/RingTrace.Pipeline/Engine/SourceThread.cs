using RingTrace.Packets;
using RingTrace.Packets.Filters;
using RingTrace.Pipeline.Sources;

namespace RingTrace.Pipeline.Engine;

/// <summary>
/// Reads, and distributes what it read when it is let. It holds the distributor's lock only for that, so whoever pauses or ends
/// the pipeline never waits for a packet.
/// </summary>
internal sealed class SourceThread(
    PacketSource source, Router router, Distributor distributor, Gatekeeper gatekeeper, Replayer? replayer, PipelineFaults faults)
{
    public void Run()
    {
        while (TryLetIn(Read(out int filtered), filtered))
        {
        }

        distributor.Discard(router.GiveUp());
    }

    private bool TryLetIn(Round? round, int filtered)
    {
        lock (gatekeeper.Gate)
        {
            if (!gatekeeper.WaitUntilOpen())
            {
                distributor.Discard(round?.Packets.Count ?? 0);
                round?.Return();
                return false;
            }

            if (round is null)
            {
                gatekeeper.End();
                return false;
            }

            // It is the threads' once it is distributed.
            long readToNs = round.ReadToNs;
            if (round.Packets.Count == 0)
            {
                round.Return();
            }
            else if (replayer is not null)
            {
                return replayer.TryLetIn(round, filtered);
            }
            else
            {
                distributor.Distribute(round, filtered);
            }

            distributor.Advance(readToNs);
            return true;
        }
    }

    /// <returns>Null at the end, and when there was an error, which is told.</returns>
    private Round? Read(out int filtered)
    {
        filtered = 0;
        try
        {
            return router.TryRead(out Round round, out filtered) ? round : null;
        }
        catch (Exception) when (gatekeeper.State is PipelineState.Stopping or PipelineState.Finished)
        {
            // It was interrupted, and may say so.
            return null;
        }
        catch (Exception e)
        {
            faults.Report(e switch
            {
                PipelineException => (PipelineException)e,
                CaptureException or FilterException => new PipelineException(e.Message, e),
                _ => new PipelineException($"source {source.Name}: {e.Message}", e),
            });
            return null;
        }
    }
}
