using System.CommandLine;
using RingTrace.Formats;
using RingTrace.Tool.Diff;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Commands;

/// <summary><c>ringtrace diff</c>: rates and latencies of two traces side by side.</summary>
internal static class DiffCommand
{
    private const int DefaultTop = 20;

    public static Command Create()
    {
        Argument<string> a = OptionValues.OfPaths(new Argument<string>("A") { Description = "A trace's directory, or one above several: as it was" });
        Argument<string> b = OptionValues.OfPaths(new Argument<string>("B") { Description = "Another one: as it is" });
        Option<bool> json = new("--json") { Description = "One JSON object" };
        Option<int?> top = new("--top")
        {
            Description = $"How many kinds of events and spans are shown, what changed most first (default: {DefaultTop}; with --json all)",
            HelpName = "N",
        };
        OptionValues.Bound(top, 1);
        Command command = new("diff", "Put two traces side by side: rates of events, durations of spans") { a, b, json, top };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(a), parsed.GetRequiredValue(b), parsed.GetValue(json), parsed.GetValue(top)));
        return command;
    }

    private static int Run(string a, string b, bool json, int? top)
    {
        TraceReader first = TraceDirectories.Open(a);
        TraceReader second = TraceDirectories.Open(b);
        TraceDiff diff = TraceDiff.Of(TraceSide.Read(first), TraceSide.Read(second));
        try
        {
            if (json)
            {
                using StreamWriter output = StandardOutput.OpenText();
                (top is { } most ? diff.Top(most) : diff).WriteJson(output);
            }
            else
            {
                DiffReport.Of(diff, top ?? DefaultTop).Print();
            }
        }
        catch (IOException e) when (StandardOutput.IsClosed(e))
        {
            return ExitCodes.Done;
        }

        TraceWarnings.Say(first);
        TraceWarnings.Say(second);
        return ExitCodes.Done;
    }
}
