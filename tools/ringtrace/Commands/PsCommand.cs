using System.CommandLine;
using System.Globalization;
using RingTrace.Attach;
using RingTrace.Tool.Output;
using RingTrace.Tool.Processes;

namespace RingTrace.Tool.Commands;

/// <summary><c>ringtrace ps</c>: who has rings, and who could have.</summary>
internal static class PsCommand
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    public static Command Create()
    {
        Option<bool> json = new("--json") { Description = "One JSON object" };
        Command command = new("ps", "List the processes that have rings, also dead ones, and .NET processes that could get them") { json };
        command.SetAction(parsed =>
        {
            ProcessesJson processes = Look();
            if (parsed.GetValue(json))
            {
                ToolJson.Write(processes);
            }
            else
            {
                ReportOf(processes).Print();
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static ProcessesJson Look()
    {
        IReadOnlyList<FoundRecorder> found = RecorderFinder.Find();
        List<RecorderLook> looks = [.. found.Select(one => new RecorderLook(one))];
        try
        {
            if (found.Any(one => one.State == RecorderState.Live))
            {
                Thread.Sleep(BetweenLooks);
            }

            looks.ForEach(look => look.LookAgain());
            return new ProcessesJson(
                [.. looks.OrderBy(look => look.Found.State).ThenBy(look => look.Found.ProcessId).Select(RecorderJson.Of)],
                [.. DotnetProcesses.Find(found).Where(process => !HasRecorder(found, process.ProcessId)).Select(DotnetJson.Of)]);
        }
        finally
        {
            looks.ForEach(look => look.Dispose());
        }
    }

    private static bool HasRecorder(IReadOnlyList<FoundRecorder> found, int pid) => found.Any(one =>
        one.ProcessId == pid && one.State is RecorderState.Live or RecorderState.Hung);

    private static Report ReportOf(ProcessesJson processes)
    {
        Report report = new();
        if (processes.Recorders.Count == 0)
        {
            report.Line("no process has rings that this user could see");
        }
        else
        {
            report.Table(TableOf(processes.Recorders));
            report.Line("");
            report.Line("events/s are estimates, from a quarter of a second's bytes");
        }

        foreach (RecorderJson recorder in processes.Recorders.Where(recorder => recorder.Problem is not null))
        {
            report.Line($"{recorder.Ring}: {recorder.Problem}");
        }

        AddDotnet(processes.Dotnet, report);
        return report;
    }

    /// <summary>The dead are named by the number that they had.</summary>
    private static string NumberOf(RecorderJson recorder) =>
        (recorder.Pid != 0 ? recorder.Pid : recorder.RegionPid) is > 0 and int number
            ? number.ToString(CultureInfo.InvariantCulture) : "?";

    private static TextTable TableOf(IEnumerable<RecorderJson> recorders)
    {
        TextTable table = new("PID", "<name", "<state", "<writer", "<clock", "<channels", "memory", "events/s", "history", "<lost");
        foreach (RecorderJson recorder in recorders)
        {
            table.Add(
                NumberOf(recorder),
                recorder.App,
                recorder.State,
                recorder.Writer ?? "",
                recorder.Clock ?? "",
                string.Join(',', recorder.Channels ?? []),
                Units.Bytes(recorder.Bytes),
                recorder.EventsPerSecondEstimate is { } rate ? Units.Rate(rate) : "",
                recorder.HistorySeconds is { } history ? Units.Time(history * 1e9) : "",
                recorder.Lost is { } lost ? Losses.Of(lost).ToString() : "");
        }

        return table;
    }

    private static void AddDotnet(IReadOnlyList<DotnetJson> processes, Report report)
    {
        if (processes.Count == 0)
        {
            return;
        }

        TextTable table = new("PID", "<name", "<runtime", "<ringtrace attach");
        foreach (DotnetJson process in processes)
        {
            table.Add(
                process.Pid.ToString(CultureInfo.InvariantCulture), process.Name, process.Runtime ?? "", process.Refusal ?? "possible");
        }

        report.Table(table);
    }
}
