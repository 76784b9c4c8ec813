using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace RingTrace.Tool.Tests;

public sealed class InterruptionTests(DemoFixture demo)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    [Fact]
    public void Control_C_ends_the_demo_and_leaves_nothing_behind()
    {
        string rings = Directory.CreateTempSubdirectory("ringtrace-rings-").FullName;
        using ManualResetEventSlim recording = new();
        using FileSystemWatcher watcher = new(rings, "*.ring") { EnableRaisingEvents = true };
        watcher.Created += (_, _) => recording.Set();
        watcher.Renamed += (_, _) => recording.Set();
        string output = Path.Combine(demo.Folder, "interrupted");

        Process process = CommandRun.StartTool(
            ["demo", "--seconds", "3600", "--out", output],
            new() { ["RINGTRACE_DIR"] = rings, ["RINGTRACE_MEMORY"] = "4M" });
        bool started = recording.Wait(Timeout, TestContext.Current.CancellationToken);
        using (Process kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        CommandRun run = CommandRun.Finish(process);
        Assert.True(started, run.Error);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("ringtrace: interrupted\n", run.Error);
        Assert.Empty(run.Output);
        Assert.False(Path.Exists(output));
        Assert.Empty(Directory.EnumerateFileSystemEntries(rings));
        Directory.Delete(rings);
    }
}
