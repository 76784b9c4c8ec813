using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using RingTrace.Attach.Tests;
using Xunit;

namespace RingTrace.Tool.Tests.Processes;

/// <summary><c>tail</c> and <c>top</c> on a process that runs.</summary>
public sealed class LiveTests : IDisposable
{
    private readonly ProcessFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("rseq")]
    [InlineData("classic")]
    public void Tail_prints_what_the_rings_hold_and_what_comes_until_the_process_ends(string writer)
    {
        using TargetProcess target = _folder.Start("--writer", writer);
        target.Ask("write 5");
        using Process tail = _folder.StartTool("tail", target.Name, "--last", "1h", "--json");
        Assert.Equal([0, 1, 2, 3, 4], Numbers(tail, 5));
        target.Ask("write 3");
        Assert.Equal([5, 6, 7], Numbers(tail, 3));
        target.Ask("write 2");
        target.Kill();
        CommandRun run = CommandRun.Finish(tail);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(2, run.Lines.Length);
        Assert.Equal($"ringtrace: target ({target.Name}) has ended\n", run.Error);
    }

    [Fact]
    public void Tail_prints_only_what_is_wanted_and_control_C_ends_it_well()
    {
        using TargetProcess target = _folder.Start();
        target.Ask("write 5");
        target.Ask("span 1");
        using Process tail = _folder.StartTool("tail", target.Name, "--last", "1h", "--where", "number >= 3", "--events", "Target:Tick");
        Assert.Matches(@"^\[\d\d:\d\d:\d\d\.\d{9}\] \(\d+\) Target:Tick \{ number = 3, worker = 0 \}$", tail.StandardOutput.ReadLine());
        Assert.Contains("number = 4", tail.StandardOutput.ReadLine(), StringComparison.Ordinal);
        target.Ask("write 1");
        Assert.Contains("number = 5", tail.StandardOutput.ReadLine(), StringComparison.Ordinal);
        Interrupt(tail);
        CommandRun run = CommandRun.Finish(tail);
        Assert.Equal((0, "", ""), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public void Top_counts_events_and_measures_spans()
    {
        using TargetProcess target = _folder.Start();
        using Process top = _folder.StartTool("top", target.Name, "--json", "--interval", "100ms");
        JsonElement interval;
        int looks = 0;
        do
        {
            target.Ask("span 10");
            interval = JsonDocument.Parse(top.StandardOutput.ReadLine()!).RootElement;
            Assert.True(++looks < 1000, "no spans");
        }
        while (interval.GetProperty("spans").GetArrayLength() == 0);

        JsonElement span = interval.GetProperty("spans")[0];
        Assert.Equal("Target:Work", span.GetProperty("name").GetString());
        Assert.InRange(span.GetProperty("p50Ns").GetInt64(), 1, span.GetProperty("maxNs").GetInt64());
        Assert.Equal(interval.GetProperty("totalEvents").GetInt64(),
            interval.GetProperty("events").EnumerateArray().Sum(item => item.GetProperty("count").GetInt64()));
        Assert.InRange(interval.GetProperty("seconds").GetDouble(), 0.1, 60);
        Assert.Empty(interval.GetProperty("lost").EnumerateObject());
        Interrupt(top);
        Assert.Equal(0, CommandRun.Finish(top).ExitCode);
    }

    [Fact]
    public void Top_once_is_one_plain_block_when_piped()
    {
        using TargetProcess target = _folder.Start();
        target.Ask("spin 5000");
        CommandRun run = _folder.Tool("top", target.Name, "--once");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.StartsWith($"target ({target.Name})   ", run.Output, StringComparison.Ordinal);
        Assert.Contains("lost: nothing", run.Output, StringComparison.Ordinal);
        Assert.Single(run.Lines, line => line.StartsWith("Target:Tick  ", StringComparison.Ordinal));
        Assert.DoesNotContain('\e', run.Output);
    }

    [Fact]
    public void A_process_that_has_died_is_an_error_that_says_what_to_do()
    {
        using TargetProcess target = _folder.Start();
        target.Kill();
        CommandRun run = _folder.Tool("tail", Directory.GetFiles(_folder.Rings, "*.ring").Single());
        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"^ringtrace: target \(\d+\) has ended: .*ringtrace recover .*\.ring\.\n$", run.Error);
    }

    private static List<long> Numbers(Process tail, int count) => [.. Enumerable.Range(0, count).Select(_ =>
        JsonDocument.Parse(tail.StandardOutput.ReadLine()!).RootElement.GetProperty("fields").GetProperty("number").GetInt64())];

    private static void Interrupt(Process process)
    {
        using Process kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }
}
