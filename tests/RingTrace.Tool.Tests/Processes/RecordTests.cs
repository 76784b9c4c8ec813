using System.Diagnostics;
using System.Text.Json;
using RingTrace.Attach.Tests;
using Xunit;

namespace RingTrace.Tool.Tests.Processes;

public sealed class RecordTests : IDisposable
{
    private readonly ProcessFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_meanwhile_is_recorded_until_the_process_ends()
    {
        // It has written nothing before: the packet that is open at the begin is recorded whole.
        using TargetProcess target = _folder.Start();
        Process record = _folder.StartTool("record", target.Name, "-o", _folder["trace"], "--json");
        Wait.Until(() => File.Exists(Path.Combine(_folder["trace"], "metadata")), "the recording begins");
        target.Ask("write 20000");
        target.Ask("write 5");
        target.Kill();
        CommandRun run = CommandRun.Finish(record);
        Assert.True(run.ExitCode == 0, run.Error);
        JsonElement result = JsonDocument.Parse(run.Output).RootElement;
        Assert.True(result.GetProperty("processEnded").GetBoolean());
        Assert.Equal(20005, result.GetProperty("events").GetInt64());
        Assert.Empty(result.GetProperty("lost").EnumerateObject());
        Assert.Equal(20005, CommandRun.Babeltrace(_folder["trace"]).Lines.Length);
    }

    [Fact]
    public void Control_C_ends_it_in_order()
    {
        using TargetProcess target = _folder.Start();
        target.Ask("spin 10000");
        Process record = _folder.StartTool("record", target.Name, "-o", _folder["trace"]);
        Wait.Until(() => File.Exists(Path.Combine(_folder["trace"], "metadata")), "the recording begins");
        using (Process kill = Process.Start("kill", ["-INT", record.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        CommandRun run = CommandRun.Finish(record);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("lost: nothing", run.Output, StringComparison.Ordinal);
        Assert.Equal(0, CommandRun.Tool("stats", _folder["trace"]).ExitCode);
    }

    [Fact]
    public void It_ends_when_its_time_is_over()
    {
        using TargetProcess target = _folder.Start();
        JsonElement result = _folder.Json("record", target.Name, "-o", _folder["trace"], "--for", "300ms");
        Assert.InRange(result.GetProperty("seconds").GetDouble(), 0.25, 30);
        Assert.False(result.GetProperty("processEnded").GetBoolean());
    }
}
