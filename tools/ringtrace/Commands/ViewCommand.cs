using System.CommandLine;
using RingTrace.Formats;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Commands;

/// <summary><c>ringtrace view</c>: a trace as text.</summary>
internal static class ViewCommand
{
    public static Command Create()
    {
        Argument<string> trace = OptionValues.Trace();
        Option<bool> threads = new("--tid") { Description = "Also the number of the thread, behind the CPU's" };
        Option<bool> json = new("--json") { Description = "One JSON object a line" };
        FilterOptions filter = new();
        Command command = new("view", "Print a trace's events in the order of time") { trace };
        filter.AddTo(command);
        command.Add(threads);
        command.Add(json);
        command.Add(ViewSlowCommand.Create(trace));

        // Not asynchronous: there is nothing to clean up, so ^C may end it as it ends any filter.
        command.SetAction(parsed =>
        {
            TraceReader reader = TraceDirectories.Open(parsed.GetRequiredValue(trace));
            return Run(reader, filter.Read(parsed, reader), parsed.GetValue(threads), parsed.GetValue(json));
        });
        return command;
    }

    private static int Run(TraceReader reader, EventFilter filter, bool threads, bool json)
    {
        try
        {
            using IEventWriter writer = json
                ? new EventJson(StandardOutput.OpenBytes()) : new EventText(StandardOutput.OpenText(), threads);

            // On a terminal the events themselves show that it goes on.
            using Progress? progress = Console.IsOutputRedirected ? new Progress("reading", reader.Bytes) : null;
            EventCopy.Run(reader, filter, writer, progress, CancellationToken.None);
        }
        catch (IOException e) when (StandardOutput.IsClosed(e))
        {
            // Who reads has seen enough.
            return ExitCodes.Done;
        }

        TraceWarnings.Say(reader);
        return ExitCodes.Done;
    }
}
