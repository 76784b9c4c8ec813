using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
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
                result.Write(Console.Out);
            }
            else
            {
                Console.WriteLine($"{result.App} ({result.Pid}) records: {Units.Bytes(result.Bytes)} in {result.Ring}");
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
internal sealed record AttachedJson(string App, int Pid, string Ring, long Bytes)
{
    public void Write(TextWriter writer)
    {
        // Paths as they are: the text is for no web page.
        AttachedJsonContext context = new(new JsonSerializerOptions(AttachedJsonContext.Default.Options)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
        writer.WriteLine(JsonSerializer.Serialize(this, context.AttachedJson));
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(AttachedJson))]
internal sealed partial class AttachedJsonContext : JsonSerializerContext;
