using System.CommandLine;
using RingTrace.Pipeline;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Net.Flows;

/// <summary><c>ringtrace net top</c>: who talks most, interval by interval, while they talk.</summary>
internal static class TopCommand
{
    private const int UsualCount = 20;

    public static Command Create()
    {
        Argument<string[]> sources = NetInput.Files();
        Option<long?> interval = IntervalOption.Create();
        Option<int?> count = new("--count", "-n") { Description = $"So many flows of each interval (default: {UsualCount})", HelpName = "N" };
        OptionValues.Bound(count, 1);
        Option<string> filter = ExpressionFilter.Option();
        Option<int> threads = ThreadsOption.Create();
        Option<bool> json = new("--json") { Description = "One JSON object for each interval" };
        Command command = new("top", "Say who talks most, interval by interval: of files by the packets' own times")
        {
            sources, interval, count, filter, threads, json,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            string[] uris = parsed.GetRequiredValue(sources);
            NetInput.ThrowIfOfRings(uris);
            TimeSpan length = IntervalOption.Of(parsed, interval);
            int shown = parsed.GetValue(count) ?? UsualCount;
            int workers = parsed.GetValue(threads);
            ExpressionFilter? chosen = ExpressionFilter.Of(parsed, filter, uris);
            TopReporter reporter = new(
                length.Ticks * TimeSpan.NanosecondsPerTick, shown, top => Show(string.Join(", ", uris), top, parsed.GetValue(json)));
            using Pipeline<TopShare> pipeline = PacketPipeline.Open(uris)
                .WithThreads(workers).HashedBy(FlowTable.NewHasher()).TickEvery(length)
                .Process(() => new TopProcessor(shown, workers, chosen)).Ordered().Report(reporter);
            return NetRun.UntilEnough(pipeline, cancel);
        });
        return command;
    }

    private static void Show(string source, TopFlows top, bool json)
    {
        if (json)
        {
            using StreamWriter output = StandardOutput.OpenText();
            output.WriteLine(ToolJson.Text(top));
        }
        else
        {
            FlowsReport.Show(source, top);
        }
    }
}
