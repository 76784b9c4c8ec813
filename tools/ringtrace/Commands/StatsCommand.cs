using System.CommandLine;
using RingTrace.Formats;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;
using RingTrace.Tool.Stats;

namespace RingTrace.Tool.Commands;

/// <summary><c>ringtrace stats</c>: what a trace holds, who recorded it and how.</summary>
internal static class StatsCommand
{
    public static Command Create()
    {
        Argument<string> trace = OptionValues.Trace();
        Option<bool> json = new("--json") { Description = "One JSON object" };
        Command command = new("stats", "Say what a trace holds: events, CPUs, losses, and who recorded it how") { trace, json };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(trace), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string trace, bool json)
    {
        TraceReader reader = TraceDirectories.Open(trace);
        TraceStats stats = TraceStats.Read(reader);
        try
        {
            if (json)
            {
                using StreamWriter output = StandardOutput.OpenText();
                stats.WriteJson(output);
            }
            else
            {
                StatsReport.Of(stats).Print();
            }
        }
        catch (IOException e) when (StandardOutput.IsClosed(e))
        {
            return ExitCodes.Done;
        }

        TraceWarnings.Say(reader);
        return ExitCodes.Done;
    }
}
