using System.CommandLine;
using RingTrace.Pipeline;
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
            Description = $"At most so many flows are kept in memory, those that began first; packets of others are counted (default: {UsualMost})",
            HelpName = "N",
        };
        Option<string> filter = ExpressionFilter.Option();
        Option<int> threads = ThreadsOption.Create();
        Option<bool> json = new("--json") { Description = "One JSON object" };
        Command command = new("flows", "Say who talked to whom: both directions, durations, TCP flags, retransmissions")
        {
            file, sort, count, most, filter, threads, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(count) < 0 || result.GetValue(most) < 1)
            {
                result.AddError("--count must be 0 or more, --most 1 or more.");
            }
        });
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            ExpressionFilter? chosen = parsed.GetValue(filter) is { } expression ? new ExpressionFilter(expression) : null;
            using NetInput input = new(parsed.GetRequiredValue(file), "reading", cancel);
            chosen?.Begin(input.Reader);
            int kept = parsed.GetValue(most) ?? UsualMost;
            FlowTable table = new(kept);
            string? error = input.WorkOn(
                parsed.GetValue(threads), () => new FlowsProcessor(kept, chosen),
                (in Result<FlowTable> result) => table.Add(result.Value), hasher: FlowTable.NewHasher());
            table.Trim();
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
