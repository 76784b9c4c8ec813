using System.Text.Json;
using RingTrace.Attach.Tests;
using Xunit;

namespace RingTrace.Tool.Tests.Processes;

public sealed class SnapshotTests : IDisposable
{
    private readonly ProcessFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("CONT")]
    [InlineData("STOP")]
    public void A_snapshot_of_a_running_or_stopped_process_holds_all_that_it_wrote(string signal)
    {
        using TargetProcess target = _folder.Start();
        target.Ask("write 5000");
        target.Signal(signal);
        JsonElement result = _folder.Json("snapshot", target.Name, "-o", _folder["trace"], "--reason", "a test");
        Assert.Equal(_folder["trace"], result.GetProperty("path").GetString());
        Assert.Equal("a test", result.GetProperty("reason").GetString());
        Assert.Empty(result.GetProperty("lost").EnumerateObject());
        Assert.Equal(5000, CommandRun.Babeltrace(_folder["trace"]).Lines.Length);
    }

    [Fact]
    public void A_file_will_do_and_nothing_is_written_where_that_is_asked_for()
    {
        using TargetProcess target = _folder.Start();
        target.Ask("write 100");
        string ring = Assert.Single(Directory.GetFiles(_folder.Rings, "*.ring"));
        byte[] control = File.ReadAllBytes(Path.ChangeExtension(ring, ".ctl"));
        Assert.Equal(0, _folder.Tool("snapshot", ring, "-o", _folder["trace"], "--read-only").ExitCode);
        Assert.Equal(control, File.ReadAllBytes(Path.ChangeExtension(ring, ".ctl")));
        Assert.Equal(100, CommandRun.Tool("view", _folder["trace"]).Lines.Length);
    }

    [Fact]
    public void Perfettos_form_is_one_file_and_nothing_beside_it()
    {
        using TargetProcess target = _folder.Start();
        target.Ask("span 50");
        Directory.CreateDirectory(_folder["out"]);
        string file = Path.Combine(_folder["out"], "file");
        Assert.Equal(0, _folder.Tool("snapshot", target.Name, "-o", file, "--format", "perfetto").ExitCode);
        Assert.Equal(file, Assert.Single(Directory.EnumerateFileSystemEntries(_folder["out"])));
        Assert.True(new FileInfo(file).Length > 50);
    }

    [Fact]
    public void Losses_are_a_warning_and_with_strict_a_failure()
    {
        using TargetProcess target = _folder.Start("--mode", "discard", "--memory", "65536");
        target.Ask("write 100000");
        CommandRun run = _folder.Tool("snapshot", target.Name, "-o", _folder["trace"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("lost: full ", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, _folder.Tool("snapshot", target.Name, "-o", _folder["strict"], "--strict").ExitCode);
    }

    [Theory]
    [InlineData(1, "snapshot", "999999999")]
    [InlineData(1, "snapshot", "/etc/hostname")]
    [InlineData(2, "snapshot", "1", "--format", "pcap")]
    [InlineData(2, "snapshot", "1", "--last", "soon")]
    [InlineData(2, "recover", "-o", "x")]
    [InlineData(2, "recover", "1", "--all", "-o", "x")]
    [InlineData(2, "record", "1")]
    [InlineData(2, "enable", "1", "*", "--throttle", "many")]
    [InlineData(2, "clean", "--keep", "12Q")]
    public void What_can_not_be_done_is_one_line(int exitCode, params string[] arguments)
    {
        CommandRun run = _folder.Tool(arguments);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
