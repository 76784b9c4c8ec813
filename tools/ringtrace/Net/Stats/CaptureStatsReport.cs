using System.Globalization;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Net.Stats;

/// <summary>The statistics of captures for people.</summary>
internal static class CaptureStatsReport
{
    private const int BarLength = 40;
    private const double NanosecondsPerSecond = 1e9;
    private const int BitsPerByte = 8;

    public static Report Of(CaptureStats stats)
    {
        PacketTotals totals = stats.Contents.Totals;
        Report report = new();
        report.Line(
            $"{Units.Count(totals.Packets)} packets, {Units.Bytes(totals.WireBytes)} on the wire, {Units.Bytes(totals.CapturedBytes)} captured");
        AddIf(report, totals.MetaRecords, "records about the capture");
        AddIf(report, stats.Contents.Snapped, "packets were not captured whole");
        AddIf(report, stats.OutOfOrder, "packets are earlier than one before them");
        AddIf(report, stats.Timeless, "packets have no time");
        if (totals.Packets == 0)
        {
            return report;
        }

        report.Table(ProtocolTable(stats));
        report.Table(SizeTable(stats));
        if (stats.First is { } first && stats.Last is { } last)
        {
            double seconds = (last - (double)first) / NanosecondsPerSecond;
            report.Line("");
            report.Line($"from {Text(first)} to {Text(last)} UTC, {Units.Time(seconds * NanosecondsPerSecond)}"
                + (seconds > 0 ? $": {Units.Rate(totals.Packets / seconds)} packets a second, {Bits(totals.WireBytes / seconds)}" : ""));
            report.Line($"in intervals of {Units.Time(stats.Rate.Interval)}:");
            report.Table(RateTable(stats.Rate));
        }

        return report;
    }

    /// <summary>A rate as people on the network say it.</summary>
    public static string Bits(double bytesPerSecond)
    {
        double bits = bytesPerSecond * BitsPerByte;
        return bits switch
        {
            >= 1e9 => $"{Units.Rate(bits / 1e9)} Gbit/s",
            >= 1e6 => $"{Units.Rate(bits / 1e6)} Mbit/s",
            >= 1e3 => $"{Units.Rate(bits / 1e3)} kbit/s",
            _ => $"{Units.Rate(bits)} bit/s",
        };
    }

    private static void AddIf(Report report, long count, string what)
    {
        if (count > 0)
        {
            report.Line($"{Units.Count(count)} {what}");
        }
    }

    private static TextTable ProtocolTable(CaptureStats stats)
    {
        TextTable table = new("<protocol", "packets", "%", "on the wire");
        long packets = stats.Contents.Totals.Packets;
        foreach (ProtocolCount protocol in stats.Contents.Protocols.All)
        {
            table.Add(protocol.Name, Units.Count(protocol.Packets), Percent(protocol.Packets, packets), Units.Bytes(protocol.WireBytes));
        }

        return table;
    }

    private static TextTable SizeTable(CaptureStats stats)
    {
        TextTable table = new("bytes", "packets", "%");
        foreach (SizeClass size in stats.Contents.Sizes.All)
        {
            string range = size.To == uint.MaxValue ? $"from {size.From}" : $"{size.From}-{size.To}";
            table.Add(range, Units.Count(size.Packets), Percent(size.Packets, stats.Contents.Totals.Packets));
        }

        return table;
    }

    private static TextTable RateTable(RateSeries rate)
    {
        TextTable table = new("<from", "packets", "packets a second", "bits a second", "<");
        double seconds = rate.Interval / NanosecondsPerSecond;
        long most = 0;
        foreach (RateBin bin in rate.Bins)
        {
            most = Math.Max(most, bin.Packets);
        }

        for (int i = 0; i < rate.Bins.Length; i++)
        {
            RateBin bin = rate.Bins[i];
            int length = (int)Math.Ceiling((double)bin.Packets * BarLength / most);
            table.Add(Text(rate.TimeOf(i)), Units.Count(bin.Packets), Units.Rate(bin.Packets / seconds),
                Bits(bin.WireBytes / seconds), new string('#', length));
        }

        return table;
    }

    private static string Percent(long part, long whole) => (100.0 * part / whole).ToString("F1", CultureInfo.InvariantCulture);

    private static string Text(long time) => Instants.ToUtc(time).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
}
