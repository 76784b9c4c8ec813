using System.Diagnostics;
using RingTrace.Packets;

namespace RingTrace.Pipeline.Engine;

/// <summary>
/// Lets packets in when their time has come, counted from the first one and without pauses. It waits at the gate, so whoever
/// pauses or ends the pipeline ends the wait.
/// </summary>
internal sealed class Replayer(double speed, Gatekeeper gatekeeper, Distributor distributor, FreeList<Round> free)
{
    private const double MillisecondNs = 1e6;

    private bool _hasBegun;
    private long _beginNs;
    private long _began;

    /// <summary>How much of the packets' time has gone by.</summary>
    private double ElapsedNs => Stopwatch.GetElapsedTime(_began).TotalNanoseconds * speed;

    /// <summary>By the source's thread, which holds the gate.</summary>
    /// <param name="round">Dealt out already.</param>
    /// <param name="filtered">How many of its packets are nobody's.</param>
    /// <returns>False when it is over; the rest was given up.</returns>
    public bool TryLetIn(Round round, int filtered)
    {
        int count = round.Packets.Count;
        int next = 0;
        while (next < count)
        {
            if (!TryPass())
            {
                distributor.Discard(count - next);
                break;
            }

            int end = EndOfDue(round.Packets, next);
            if (end - next == count)
            {
                distributor.Distribute(round, filtered);
                return true;
            }

            if (end > next)
            {
                Round part = free.Take();
                distributor.Distribute(part, part.Take(round, next, end));
                next = end;
            }
            else
            {
                WaitFor(round.Packets.RecordOf(next).TimeNs);
            }
        }

        round.Return();
        return next == count;
    }

    private bool TryPass()
    {
        if (gatekeeper.IsOpen)
        {
            return true;
        }

        long before = Stopwatch.GetTimestamp();
        bool isOpen = gatekeeper.WaitUntilOpen();
        _began += Stopwatch.GetTimestamp() - before;
        return isOpen;
    }

    private int EndOfDue(PacketBatch packets, int next)
    {
        for (; next < packets.Count; next++)
        {
            ref readonly PacketRecord packet = ref packets.RecordOf(next);
            if (packet.Kind == PacketKind.Meta)
            {
                continue;
            }

            if (!_hasBegun)
            {
                (_hasBegun, _beginNs, _began) = (true, packet.TimeNs, Stopwatch.GetTimestamp());
            }

            if (packet.TimeNs - _beginNs > ElapsedNs)
            {
                break;
            }
        }

        return next;
    }

    /// <summary>Waits until then or for the next tick, or until somebody pauses or ends the pipeline.</summary>
    private void WaitFor(long timeNs)
    {
        double elapsed = ElapsedNs;
        distributor.Advance(Math.Min(_beginNs + (long)elapsed, timeNs));
        double left = (Math.Min(timeNs, distributor.NextTickNs) - _beginNs - elapsed) / speed / MillisecondNs;
        Monitor.Wait(gatekeeper.Gate, (int)Math.Clamp(Math.Ceiling(left), 1, int.MaxValue));
    }
}
