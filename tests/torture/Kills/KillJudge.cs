using RingTrace.Attach;
using RingTrace.Buffers;

namespace RingTrace.Torture.Kills;

/// <summary>
/// Whether what was recovered is all that can have been left. A thread's missing events are <i>overwritten</i> if they are
/// older than the oldest packet of a ring that has come round; of all others none may be missing with the restartable
/// writer, and with the classic one no more than the rings counted as lost and what fits into the bytes left out.
/// </summary>
internal static class KillJudge
{
    /// <exception cref="InvalidDataException">Something is torn, doubled, out of order, or missing without a cause.</exception>
    public static KillSums Judge(KillPlan plan, string trace, Progress progress, RecorderStatistics statistics, RecoveryReport report)
    {
        List<PacketList> packets = PacketList.Of(trace);
        ulong reachesTo = CheckRings(plan, packets, statistics, report, out bool isWhole);
        Autopsy found = Autopsy.Of(trace, plan, progress);
        Demand(found.Count == report.Events, $"{found.Count} events are there, the report says {report.Events}");

        IEnumerable<int> threads = Enumerable.Range(0, KillPlan.Threads);
        List<MissingEvents> gone = [.. found.Missing.Where(gap => isWhole || gap.After >= reachesTo)];
        long missing = gone.Sum(gap => gap.Count);
        long lost = statistics.Lost.Sum(cause => (long)cause.Value);
        CheckCauses(plan, statistics);
        KillSums sums = new()
        {
            Reported = threads.Sum(thread => progress[thread]),
            Recovered = found.Count,
            Unreported = found.Unreported,
            Overwritten = found.Missing.Sum(gap => gap.Count) - missing,
            Lost = Math.Min(lost, missing),
            BehindHoles = Math.Max(0, missing - lost),
            LeftOutBytes = report.LeftOutBytes,
            Packets = report.Packets,
            Whole = isWhole ? 1 : 0,
            WithHoles = report.LeftOutBytes > 0 ? 1 : 0,
        };
        Demand(sums.Reported + sums.Unreported == sums.Recovered + sums.Overwritten + sums.Lost + sums.BehindHoles,
            $"the sum is wrong: {sums}");
        Demand(FitsIn(report.LeftOutBytes, gone, sums.BehindHoles),
            $"{missing} events are missing, {lost} are counted as lost, {report.LeftOutBytes} bytes are left out; "
            + $"the first is {gone.FirstOrDefault()}");

        // A loss is counted before the call returns: a thread may have been killed in between.
        Demand(!isWhole || lost <= missing + KillPlan.Threads, $"{lost} events are counted as lost, {missing} are missing");
        return sums;
    }

    /// <summary>Each ring's packets are the newest ones, without a gap but for what was left out.</summary>
    /// <returns>The time from which on every ring that has come round holds all.</returns>
    private static ulong CheckRings(
        KillPlan plan, List<PacketList> packets, RecorderStatistics statistics, RecoveryReport report, out bool isWhole)
    {
        ulong size = (ulong)plan.SubBufferSize, count = (ulong)plan.SubBufferCount, reachesTo = 0;
        isWhole = true;
        Demand(packets.Sum(list => (long)list.Headers.Count) == report.Packets, "the report has another number of packets");
        foreach (RingStatistics ring in statistics.Rings.Where(ring => ring.BytesWritten > 0))
        {
            PacketList? list = packets.SingleOrDefault(list => list.Cpu == ring.Cpu);
            RecoveredRing part = report.Rings.Single(part => part.Cpu == ring.Cpu);
            ulong last = (ring.BytesWritten - 1) / size, oldest = last + 1 > count ? last + 1 - count : 0;

            // One more may be gone: whoever is about to open the next sub-buffer enters the oldest one's location first.
            bool mayHaveEntered = (ring.BytesWritten / size) + 1 >= count;
            ulong holes = ((ulong)part.LeftOutBytes + size - 1) / size;
            Demand(plan.Writer == WriterKind.Classic || part.LeftOutBytes == 0, $"CPU {ring.Cpu}: {part.LeftOutBytes} bytes are left out");
            Demand(holes <= KillPlan.Threads, $"CPU {ring.Cpu}: {part.LeftOutBytes} bytes are left out, by {KillPlan.Threads} threads");
            ulong first = list?.First ?? last + 1, newest = list?.Headers[^1].Sequence ?? first - 1;
            Demand(first >= oldest && first <= oldest + holes + (mayHaveEntered ? 1u : 0),
                $"CPU {ring.Cpu}: packets {first} to {newest}, not {oldest} to {last}");
            ulong gaps = (list?.Gaps ?? 0) + last - newest;
            Demand(gaps <= holes, $"CPU {ring.Cpu}: {gaps} packets are missing after {first}, {part.LeftOutBytes} bytes are left out");
            if (mayHaveEntered)
            {
                isWhole = false;
                reachesTo = Math.Max(reachesTo, list?.Begin ?? ulong.MaxValue);
            }
        }

        return reachesTo;
    }

    private static void CheckCauses(KillPlan plan, RecorderStatistics statistics)
    {
        foreach ((string cause, ulong count) in statistics.Lost)
        {
            Demand(plan.Writer == WriterKind.Classic && cause is "wrap" or "restart", $"{count} events are lost by {cause}");
        }
    }

    /// <summary>So many of the events, the smallest of them, in so many bytes?</summary>
    private static bool FitsIn(long bytes, List<MissingEvents> gone, long count) => count == 0 || bytes > 0 && bytes >= gone
        .SelectMany(gap => Numbers(gap).Select(number => (long)(RecordHead.Size + Beats.LengthOf(gap.Thread, number))))
        .Order().Take((int)Math.Min(count, int.MaxValue)).Sum();

    private static IEnumerable<long> Numbers(MissingEvents gap)
    {
        for (long number = gap.From; number < gap.To; number++)
        {
            yield return number;
        }
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException(otherwise);
        }
    }
}
