using System.Text.Json;
using RingTrace.Attach.Tests;
using Xunit;

namespace RingTrace.Tool.Tests.Processes;

public sealed class ControlTests : IDisposable
{
    private readonly ProcessFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_disabled_is_no_longer_recorded_and_what_is_enabled_is_again()
    {
        using TargetProcess target = _folder.Start();
        target.Ask("write 10");
        JsonElement answer = _folder.Json("disable", target.Name, "Target:T*");
        Assert.Equal(1, answer.GetProperty("changed").GetInt32());
        Assert.True(answer.GetProperty("kept").GetBoolean());
        target.Ask("write 1000");
        Assert.Equal("1 events changed\n", _folder.Tool("enable", target.Name, "Target:Tick", "--throttle", "100/s").Output);
        target.Ask("write 1");
        Assert.Equal(0, _folder.Tool("snapshot", target.Name, "-o", _folder["trace"]).ExitCode);
        Assert.Equal(11, CommandRun.Tool("view", _folder["trace"]).Lines.Length);
    }

    [Fact]
    public void A_process_that_is_stopped_is_an_error_of_one_line()
    {
        using TargetProcess target = _folder.Start();
        target.Signal("STOP");
        CommandRun run = _folder.Tool("disable", target.Name, "*");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"ringtrace: process {target.Name} does not answer: it may be stopped or hung. The command is withdrawn.\n", run.Error);
    }
}
