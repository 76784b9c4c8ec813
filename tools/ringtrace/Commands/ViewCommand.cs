using System.CommandLine;
using RingTrace.Formats;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Commands;

/// <summary><c>ringtrace view</c>: a trace as text.</summary>
internal static class ViewCommand
{
    /// <summary>How many events may pass before ^C is looked at.</summary>
    private const int EventsPerCheck = 4096;

    public static Command Create()
    {
        Argument<string> trace = new("TRACE") { Description = "A trace's directory, or one above several" };
        Option<bool> threads = new("--tid") { Description = "Also the number of the thread, behind the CPU's" };
        Option<bool> json = new("--json") { Description = "One JSON object a line" };
        Command command = new("view", "Print a trace's events in the order of time") { trace, threads, json };
        command.SetAction((parsed, cancel) => Task.FromResult(
            Run(parsed.GetRequiredValue(trace), parsed.GetValue(threads), parsed.GetValue(json), cancel)));
        return command;
    }

    private static int Run(string trace, bool threads, bool json, CancellationToken cancel)
    {
        if (!Directory.Exists(trace))
        {
            throw new IOException(File.Exists(trace)
                ? $"{trace} is a file: name the trace's directory." : $"{trace} does not exist.");
        }

        TraceReader reader = TraceReader.Open(trace);
        try
        {
            using IEventWriter writer = json
                ? new EventJson(StandardOutput.OpenBytes()) : new EventText(StandardOutput.OpenText(), threads);
            Print(reader, writer, cancel);
        }
        catch (IOException e) when (StandardOutput.IsClosed(e))
        {
            // Who reads has seen enough.
            return ExitCodes.Done;
        }

        TraceWarnings.Say(reader);
        return ExitCodes.Done;
    }

    private static void Print(TraceReader reader, IEventWriter writer, CancellationToken cancel)
    {
        int count = 0;
        foreach (EventView item in reader.Events())
        {
            if (++count % EventsPerCheck == 0)
            {
                cancel.ThrowIfCancellationRequested();
            }

            writer.Write(item);
        }
    }
}
