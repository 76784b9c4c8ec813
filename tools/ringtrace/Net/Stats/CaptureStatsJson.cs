namespace RingTrace.Tool.Net.Stats;

/// <summary>What <c>net stats --json</c> prints; its names are a contract. Times are nanoseconds since 1970.</summary>
/// <param name="Files">As they were named.</param>
/// <param name="Packets">Of all files.</param>
/// <param name="MetaRecords">What says something about a capture.</param>
/// <param name="CapturedBytes">What was captured of the packets.</param>
/// <param name="WireBytes">How long they were, as the files say.</param>
/// <param name="Snapped">Packets that were not captured whole.</param>
/// <param name="OutOfOrder">Packets with an earlier time than one before them in the same file.</param>
/// <param name="Timeless">Packets without a time.</param>
/// <param name="FirstNs">The earliest packet; null without packets.</param>
/// <param name="LastNs">The latest.</param>
/// <param name="Protocols">What they carry, the largest first.</param>
/// <param name="Sizes">How many there are of each length on the wire.</param>
/// <param name="IntervalNs">How long the rate's intervals are.</param>
/// <param name="Rate">Each interval, from the first packet's to the last one's.</param>
/// <param name="Errors">Why files were not read to their ends.</param>
internal sealed record CaptureStatsJson(
    IReadOnlyList<string> Files,
    long Packets,
    long MetaRecords,
    long CapturedBytes,
    long WireBytes,
    long Snapped,
    long OutOfOrder,
    long Timeless,
    long? FirstNs,
    long? LastNs,
    IReadOnlyList<ProtocolCount> Protocols,
    IReadOnlyList<SizeClass> Sizes,
    long IntervalNs,
    IReadOnlyList<RateJson> Rate,
    IReadOnlyList<string> Errors)
{
    public static CaptureStatsJson Of(CaptureStats stats, IReadOnlyList<string> files, IReadOnlyList<string> errors)
    {
        PacketTotals totals = stats.Contents.Totals;
        return new CaptureStatsJson(
            files, totals.Packets, totals.MetaRecords, totals.CapturedBytes, totals.WireBytes, stats.Contents.Snapped, stats.OutOfOrder,
            stats.Timeless, stats.First, stats.Last, [.. stats.Contents.Protocols.All], [.. stats.Contents.Sizes.All], stats.Rate.Interval,
            RateOf(stats.Rate), errors);
    }

    private static List<RateJson> RateOf(RateSeries rate)
    {
        List<RateJson> bins = new(rate.Bins.Length);
        for (int i = 0; i < rate.Bins.Length; i++)
        {
            bins.Add(new RateJson(rate.TimeOf(i), rate.Bins[i].Packets, rate.Bins[i].WireBytes));
        }

        return bins;
    }
}

/// <param name="TimeNs">When the interval begins.</param>
/// <param name="Packets">The packets in it.</param>
/// <param name="WireBytes">Their bytes.</param>
internal sealed record RateJson(long TimeNs, long Packets, long WireBytes);
