using System.CommandLine;
using RingTrace.Formats;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Commands;

/// <summary><c>ringtrace view</c>: a trace as text.</summary>
internal static class ViewCommand
{
    public static Command Create()
    {
        Argument<string> trace = new("TRACE") { Description = "A trace's directory, or one above several" };
        Option<bool> threads = new("--tid") { Description = "Also the number of the thread, behind the CPU's" };
        Option<bool> json = new("--json") { Description = "One JSON object a line" };
        Command command = new("view", "Print a trace's events in the order of time") { trace, threads, json };

        // Not asynchronous: there is nothing to clean up, so ^C may end it as it ends any filter.
        command.SetAction(parsed => Run(parsed.GetRequiredValue(trace), parsed.GetValue(threads), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string trace, bool threads, bool json)
    {
        TraceReader reader = TraceDirectories.Open(trace);
        try
        {
            using IEventWriter writer = json
                ? new EventJson(StandardOutput.OpenBytes()) : new EventText(StandardOutput.OpenText(), threads);
            foreach (EventView item in reader.Events())
            {
                writer.Write(item);
            }
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
