using System.CommandLine;
using System.Globalization;
using RingTrace.Pipeline;
using RingTrace.Tool.Net.Stats;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Net.Rates;

/// <summary><c>ringtrace net rtstats</c>: how much comes, interval by interval, while it comes.</summary>
internal static class RtStatsCommand
{
    private static readonly string[] Headers =
        ["time (UTC)             ", "      packets", "         bytes", "packets/s", "        rate", "     filtered", "     dropped", "     missing"];

    public static Command Create()
    {
        Argument<string[]> sources = NetInput.Sources();
        Option<long?> interval = IntervalOption.Create();
        Option<string> filter = ExpressionFilter.Option();
        Option<int> threads = ThreadsOption.Create();
        Option<bool> json = new("--json") { Description = "One JSON object for each interval" };
        Command command = new("rtstats", "Say how much comes, interval by interval, while it comes: of files by the packets' own times")
        {
            sources, interval, filter, threads, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            string[] uris = parsed.GetRequiredValue(sources);
            ExpressionFilter? chosen = ExpressionFilter.Of(parsed, filter, uris);
            using StreamWriter output = StandardOutput.OpenText();
            bool asJson = parsed.GetValue(json);
            TimeSpan length = IntervalOption.Of(parsed, interval);
            RateReporter reporter = new(length.Ticks * TimeSpan.NanosecondsPerTick, row => Show(output, row, asJson));
            using Pipeline<RateCount> pipeline = PacketPipeline.Open(uris)
                .WithThreads(parsed.GetValue(threads)).TickEvery(length)
                .Process(() => new RateCounter(chosen)).Ordered().Report(reporter);
            reporter.Statistics = () => pipeline.Statistics;
            if (!asJson)
            {
                output.WriteLine(string.Join("  ", Headers));
            }

            return NetRun.UntilEnough(pipeline, cancel);
        });
        return command;
    }

    private static void Show(StreamWriter output, RateRow row, bool json)
    {
        output.WriteLine(json ? ToolJson.Text(row) : string.Join("  ", ((string[])
        [
            Instants.ToUtc(row.TimeNs).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture),
            Units.Count(row.Packets), Units.Count(row.WireBytes), Units.Rate(row.PacketsPerSecond),
            CaptureStatsReport.Bits(row.BitsPerSecond / 8), Units.Count(row.Filtered), Units.Count(row.Dropped), Units.Count(row.Missing),
        ]).Zip(Headers, (cell, header) => cell.PadLeft(header.Length))));
        output.Flush();
    }
}
