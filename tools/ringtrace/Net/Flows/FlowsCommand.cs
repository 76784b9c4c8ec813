using System.CommandLine;
using RingTrace.Pipeline;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Net.Flows;

/// <summary><c>ringtrace net flows</c>: who talked to whom.</summary>
internal static class FlowsCommand
{
    private const int UsualMost = 500_000;

    public static Command Create()
    {
        Argument<string> file = NetInput.File();
        Option<FlowOrder> sort = new("--sort") { Description = "The largest first, by this (default: bytes)", HelpName = "bytes|packets|duration" };
        Option<int?> count = new("--count", "-n") { Description = "At most so many flows are shown", HelpName = "N" };
        Option<int?> most = new("--most")
        {
            Description = $"At most so many flows are kept in memory by all threads together, each its share, those that began first; "
                + $"packets of others are counted (default: {UsualMost})",
            HelpName = "N",
        };
        Option<string> filter = ExpressionFilter.Option();
        Option<int> threads = ThreadsOption.Create();
        Option<bool> json = new("--json") { Description = "One JSON object" };
        Command command = new("flows", "Say who talked to whom: both directions, durations, TCP flags, retransmissions")
        {
            file, sort, count, most, filter, threads, json,
        };
        OptionValues.Bound(count, 0);
        OptionValues.Bound(most, 1);
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            ExpressionFilter? chosen = ExpressionFilter.Of(parsed, filter, parsed.GetRequiredValue(file));
            using NetInput input = new(parsed.GetRequiredValue(file), "reading", cancel);
            chosen?.Begin(input.Reader);
            int kept = parsed.GetValue(most) ?? UsualMost;
            FlowTable table = new(kept);
            int workers = parsed.GetValue(threads);
            string? error = input.WorkOn(
                workers, () => new FlowsProcessor(kept, workers, chosen),
                (in Result<FlowTable> result) => table.Add(result.Value), hasher: FlowTable.NewHasher());
            FlowsJson flows = FlowsJson.Of(table, parsed.GetRequiredValue(file), parsed.GetValue(sort), parsed.GetValue(count), error);
            if (parsed.GetValue(json))
            {
                ToolJson.Write(flows);
            }
            else
            {
                FlowsReport.Of(flows).Print();
            }

            if (error is not null)
            {
                ExitCodes.Say(error);
            }

            return error is null ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }
}
