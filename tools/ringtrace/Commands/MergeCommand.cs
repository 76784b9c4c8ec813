using System.CommandLine;
using RingTrace.Formats.Merging;
using RingTrace.Tool.Filtering;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Commands;

/// <summary><c>ringtrace merge</c>: several processes on one timeline.</summary>
internal static class MergeCommand
{
    public static Command Create()
    {
        Argument<string[]> traces = OptionValues.OfPaths(new Argument<string[]>("DIR")
        {
            Description = "Traces' directories, or ones above several",
            Arity = ArgumentArity.OneOrMore,
        });
        Option<string> output = new("--output", "-o")
        {
            Description = "The result's directory, with a trace for each process; must not exist",
            HelpName = "DIR",
            Required = true,
        };
        Option<bool> json = new("--json") { Description = "The result as one JSON object" };
        Command command = new("merge", "Put traces of several processes, boots or hosts on one timeline") { traces, output, json };
        command.SetAction(async (parsed, cancel) =>
        {
            // System.CommandLine takes over ^C only when this method has returned its task.
            await Task.Yield();
            string path = Path.GetFullPath(parsed.GetRequiredValue(output));
            using Progress progress = new("merging", total: 0);
            MergeReport report = TraceMerger.Merge(parsed.GetRequiredValue(traces), path, progress, cancel);
            if (parsed.GetValue(json))
            {
                ToolJson.Write(MergedJson.Of(path, report));
            }
            else
            {
                Tell(path, report);
            }

            TraceWarnings.Say(report.Problems);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Tell(string path, MergeReport merged)
    {
        Report report = new();
        report.Heading(path);
        TextTable traces = new("<trace", "<process", "pid", "<clock", "packets", "doubled", "moved by", "<from");
        foreach (MergedTrace trace in merged.Traces)
        {
            traces.Add(trace.Name, trace.Process, trace.ProcessId < 0 ? "?" : $"{trace.ProcessId}", trace.Clock, Units.Count(trace.Packets),
                Units.Count(trace.DoubledPackets), Units.Time(trace.ShiftNanoseconds), string.Join(", ", trace.Sources));
        }

        report.Table(traces);
        report.Line("");
        foreach (MergedBoot boot in merged.Boots)
        {
            string ties = boot.TieNanoseconds switch
            {
                null => "how well its clocks agree is not recorded",
                0 => "one clock, the order of events is exact",
                long error => $"its clocks agree within {Units.Time(error)}",
            };
            string calendar = boot.CalendarNanoseconds is { } astray
                ? $"its calendar within {Units.Time(astray)} of this timeline" : "nothing recorded of its calendar";
            string host = boot.Host.Length > 0 ? boot.Host : "a host without a name";
            report.Line($"{host}, boot {boot.Uuid?.ToString() ?? "unknown"}: {ties}; {calendar}");
        }

        if (!merged.IsOneClock)
        {
            report.Line("Boots and hosts stand side by side by their calendars; how far these were apart, no trace can know.");
        }

        report.Print();
    }
}

/// <summary>What <c>merge --json</c> prints; its names are a contract.</summary>
/// <param name="Path">The result's directory.</param>
/// <param name="IsOneClock">Whether all times are of one machine's clock.</param>
/// <param name="HostsUncertaintyNs">
/// Of several boots: the sum of what their pairs show of their calendars; the hosts' clocks may be apart by more, which is not known. Null
/// when nothing is known.
/// </param>
/// <param name="Traces">The traces that were written.</param>
/// <param name="Boots">Where they are from.</param>
/// <param name="Problems">What is missing.</param>
internal sealed record MergedJson(
    string Path,
    bool IsOneClock,
    long? HostsUncertaintyNs,
    IReadOnlyList<MergedTraceJson> Traces,
    IReadOnlyList<MergedBootJson> Boots,
    IReadOnlyList<string> Problems)
{
    public static MergedJson Of(string path, MergeReport report) => new(
        path,
        report.IsOneClock,
        report.IsOneClock || report.Boots.Any(boot => boot.CalendarNanoseconds is null)
            ? null : report.Boots.Sum(boot => boot.CalendarNanoseconds!.Value),
        [.. report.Traces.Select(trace => new MergedTraceJson(trace.Name, trace.Process, trace.ProcessId, trace.Boot, trace.Clock,
            trace.Packets, trace.DoubledPackets, trace.ShiftNanoseconds, trace.Sources))],
        [.. report.Boots.Select(boot => new MergedBootJson(
            boot.Uuid, boot.Host, boot.Reference, boot.TieNanoseconds, boot.CalendarNanoseconds))],
        [.. report.Problems.Select(problem => problem.Message)]);
}

/// <summary>One trace of the result.</summary>
internal sealed record MergedTraceJson(
    string Name, string Process, long ProcessId, int Boot, string Clock, long Packets, long DoubledPackets, long ShiftNs,
    IReadOnlyList<string> Sources);

/// <summary>One boot of a machine.</summary>
internal sealed record MergedBootJson(Guid? Uuid, string Host, string Reference, long? TieNs, long? CalendarNs);
