using RingTrace.Attach;
using RingTrace.Formats;

namespace RingTrace.Fuzz;

/// <summary>Reads a region from outside in every way there is, and checks what is promised of any bytes.</summary>
internal static class RegionJudge
{
    /// <summary>A packet is handed over once while nobody writes; whatever a region says of itself, it holds no more.</summary>
    private const int MostPackets = 200;

    /// <exception cref="ViolationException">A promise was broken.</exception>
    public static Outcome Read(string ring, string trace, bool readOnly)
    {
        bool isRefused = false, isPartial = false;
        foreach (FoundRecorder found in FoundAt(ring, ref isRefused))
        {
            OneLine.Demand(found.Problem);
            try
            {
                using OutsideRecorder recorder = OutsideRecorder.Open(found, readOnly);
                isPartial |= Look(recorder) | Take(recorder, trace);
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                OneLine.Demand(refused.Message);
                isRefused = true;
            }
        }

        return isRefused ? Outcome.Refused : isPartial ? Outcome.Partial : Outcome.Whole;
    }

    private static IReadOnlyList<FoundRecorder> FoundAt(string ring, ref bool isRefused)
    {
        try
        {
            return RecorderFinder.FindTarget(ring);
        }
        catch (AttachException refused)
        {
            OneLine.Demand(refused.Message);
            isRefused = true;
            return [];
        }
    }

    private static bool Look(OutsideRecorder recorder)
    {
        _ = $"{recorder.Name}{recorder.Writer}{recorder.Clock}{recorder.SchemaVersion}{recorder.IsAlive()}{recorder.History()}";
        RecorderStatistics statistics = recorder.Statistics();
        _ = recorder.Metadata();
        using PacketFeed feed = recorder.Feed(FeedStart.Oldest);
        int packets = 0;
        for (int pass = 0; pass < 3; pass++)
        {
            packets += feed.Drain((in FeedPacket packet) => Check(packet), open: true);
        }

        ViolationException.Unless(packets <= MostPackets, $"{packets} packets were handed over");
        return feed.Losses.OverwrittenPackets > 0 || feed.Losses.Rings.Any(ring => ring.LeftOutBytes > 0) || statistics.Lost.Count > 0;
    }

    private static void Check(in FeedPacket packet) => ViolationException.Unless(
        packet.Bytes.Length % 8 == 0 && packet.NewFrom >= 0 && packet.NewFrom <= packet.Bytes.Length, "a packet has no sane size");

    private static bool Take(OutsideRecorder recorder, string trace)
    {
        SnapshotResult snapshot = recorder.Snapshot(trace);
        foreach (string problem in recorder.Recovery?.Problems ?? [])
        {
            OneLine.Demand(problem);
        }

        // What is made of it is a trace: at most what it says may be odd.
        Outcome outcome = TraceJudge.Read(trace, Demand.None);
        ViolationException.Unless(outcome != Outcome.Refused, $"the trace that was made of it can't be read: {WhyNot(trace)}");
        return outcome != Outcome.Whole || recorder.Recovery is { LeftOutBytes: > 0 } or { Problems.Count: > 0 }
            || snapshot.Streams.Any(stream => stream.LeftOutBytes > 0);
    }

    private static string WhyNot(string trace)
    {
        try
        {
            TraceReader.Open(trace);
            return "";
        }
        catch (TraceFormatException refused)
        {
            return refused.Message;
        }
    }
}
