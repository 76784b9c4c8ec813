using System.Diagnostics;
using System.Text.Json;
using RingTrace.Attach.Tests;
using Xunit;

namespace RingTrace.Tool.Tests.Processes;

/// <summary>A directory of rings that targets and the tool share, and one for what the tool writes; both are gone afterwards.</summary>
internal sealed class ProcessFolder : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("ringtrace-processes-").FullName;

    public string Rings => Path.Combine(_root, "rings");

    public string this[string name] => Path.Combine(_root, name);

    public TargetProcess Start(params string[] options) => TargetProcess.Start(Rings, ["--memory", "4194304", .. options]);

    public Process StartTool(params string[] arguments) => CommandRun.StartTool(arguments, new() { ["RINGTRACE_DIR"] = Rings });

    public CommandRun Tool(params string[] arguments) => CommandRun.Finish(StartTool(arguments));

    /// <summary>A run that ends well, with what it printed.</summary>
    public JsonElement Json(params string[] arguments)
    {
        CommandRun run = Tool([.. arguments, "--json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        return JsonDocument.Parse(run.Output).RootElement;
    }

    /// <summary>What ps says of the recorders here.</summary>
    public JsonElement[] Recorders() => [.. Json("ps").GetProperty("recorders").EnumerateArray()
        .Where(recorder => recorder.GetProperty("ring").GetString()!.StartsWith(Rings, StringComparison.Ordinal))];

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
