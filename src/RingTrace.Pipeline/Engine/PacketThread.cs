using RingTrace.Formats;
using RingTrace.Packets;
using RingTrace.Pipeline.Sources;
using RingTrace.Pipeline.Sources.Events;

namespace RingTrace.Pipeline.Engine;

/// <summary>Has a processor called for the packets that the router chose for it.</summary>
internal sealed class PacketThread<TResult>(
    PacketProcessor<TResult> processor, ProcessingContext<TResult> context, Lane lane, long tickIntervalNs, PacketSource source,
    PipelineFaults faults)
    : ProcessingThread<TResult>(processor, context, lane, faults)
{
    /// <summary>Its headers lie in the cache of the CPU that read it, or of none.</summary>
    private const int PrefetchDistance = 4;

    private readonly EventViewer _events = new();

    protected override bool Work(SharedRound shared)
    {
        Round round = (Round)shared;
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
            for (int i = 0; i <= mark.More; i++)
            {
                Meet(mark.One(i, tickIntervalNs));
            }

            if (mark.Kind == MarkKind.End)
            {
                _events.Clear();
                return true;
            }
        }

        Work(round, packets);
        return false;
    }

    private void Work(Round round, ReadOnlySpan<ushort> packets)
    {
        if (IsGivenUp)
        {
            Lane.Discarded += packets.Length;
            return;
        }

        int ahead = round.Packets.IsSparse ? PrefetchDistance : packets.Length;
        int done = 0;
        try
        {
            while (done < packets.Length && !IsGivenUp && Attend())
            {
                if (done + ahead < packets.Length)
                {
                    round.Packets.Prefetch(packets[done + ahead]);
                }

                int index = packets[done++];
                Context.Stand(round.OrderOf(index));
                Packet packet = round.Packets[index];
                switch (packet.Kind)
                {
                    case PacketKind.Packet:
                        Processor.OnPacket(in packet);
                        break;
                    case PacketKind.Event:
                        EventView item = _events.View(in packet);
                        Processor.OnEvent(in item);
                        break;
                    default:
                        Processor.OnMeta(in packet);
                        break;
                }
            }
        }
        catch (Exception e)
        {
            Fail(e, source.Identify(round.Packets[packets[Math.Max(done - 1, 0)]]));
        }

        Lane.Processed += done;
        Lane.Discarded += packets.Length - done;
    }
}
