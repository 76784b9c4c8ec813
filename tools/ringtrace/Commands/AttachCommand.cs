using System.CommandLine;
using RingTrace.Attach;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Commands;

/// <summary><c>ringtrace attach</c>: a recorder in a process that knows nothing of it.</summary>
internal static class AttachCommand
{
    public static Command Create()
    {
        Argument<int> pid = new("PID") { Description = "A running .NET process (see ringtrace ps)" };
        Option<bool> json = new("--json") { Description = "The result as one JSON object" };
        Command command = new(
            "attach",
            "Load a recorder into a running .NET process: its runtime's events, activities and log from now on; it stays until the process "
            + "ends. Of activities it hears those that the service makes anyway: what it sends to others is as before")
        {
            pid, json,
        };
        command.SetAction(parsed =>
        {
            FoundRecorder found = Attacher.Attach(parsed.GetRequiredValue(pid));
            AttachedJson result = new(found.App, found.ProcessId, found.RingPath, found.Bytes);
            if (parsed.GetValue(json))
            {
                ToolJson.Write(result);
            }
            else
            {
                ExitCodes.Tell($"{result.App} ({result.Pid}) records: {Units.Bytes(result.Bytes)} in {result.Ring}");
            }

            return ExitCodes.Done;
        });
        return command;
    }
}

/// <summary>What <c>attach --json</c> prints; its names are a contract.</summary>
/// <param name="App">The service's name.</param>
/// <param name="Pid">The process.</param>
/// <param name="Ring">Opens its rings.</param>
/// <param name="Bytes">The memory that they take.</param>
internal sealed record AttachedJson(string App, int Pid, string Ring, long Bytes);
