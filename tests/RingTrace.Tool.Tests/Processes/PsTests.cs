using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using RingTrace.Attach.Tests;
using RingTrace.Formats.Tests;
using Xunit;

namespace RingTrace.Tool.Tests.Processes;

public sealed class PsTests : IDisposable
{
    private readonly ProcessFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_live_process_is_listed_with_what_it_does()
    {
        using TargetProcess target = _folder.Start();
        target.Ask("spin 20000");
        Wait.Until(() => State() == "live", "it is alive");
        JsonElement recorder = Assert.Single(_folder.Recorders());
        Assert.Equal(target.Id, recorder.GetProperty("pid").GetInt32());
        Assert.Equal("target", recorder.GetProperty("app").GetString());
        Assert.Contains(recorder.GetProperty("writer").GetString(), new[] { "rseq", "classic" });
        Assert.Equal("default", Assert.Single(recorder.GetProperty("channels").EnumerateArray()).GetString());
        Assert.Empty(recorder.GetProperty("lost").EnumerateObject());

        // An estimate on a machine that others use, too.
        Assert.InRange(recorder.GetProperty("eventsPerSecondEstimate").GetDouble(), 100, 400_000);
        // How wide the columns are depends on what else runs.
        Assert.Contains(_folder.Tool("ps").Lines, line => Regex.IsMatch(line, $@"^ *{target.Id} +target +live "));
    }

    [Fact]
    public void A_stopped_process_is_hung_and_a_killed_one_dead()
    {
        using TargetProcess target = _folder.Start();
        target.Signal("STOP");
        Assert.Equal("hung", State());
        target.Signal("CONT");
        target.Kill();
        Assert.Equal("dead", State());
    }

    [Fact]
    public void A_process_without_rings_that_could_get_them_is_listed_and_one_with_rings_only_once()
    {
        using TargetProcess target = _folder.Start();
        JsonElement processes = _folder.Json("ps");
        int[] dotnet = [.. processes.GetProperty("dotnet").EnumerateArray().Select(process => process.GetProperty("pid").GetInt32())];
        Assert.Contains(Environment.ProcessId, dotnet);
        Assert.DoesNotContain(target.Id, dotnet);
    }

    [Fact]
    public void A_process_of_another_user_is_listed_with_whose_it_is()
    {
        if (Environment.UserName != "root")
        {
            Judges.Missing("only root can become another user");
        }

        using Process ps = CommandRun.StartTool(["ps", "--json"], asUser: 65534);
        CommandRun run = CommandRun.Finish(ps);
        Assert.True(run.ExitCode == 0, run.Error);
        JsonElement process = Assert.Single(JsonDocument.Parse(run.Output).RootElement.GetProperty("dotnet").EnumerateArray(),
            process => process.GetProperty("pid").GetInt32() == Environment.ProcessId);
        Assert.Equal("it is another user's (uid 0): ask as that user, or as root", process.GetProperty("refusal").GetString());
    }

    [Fact]
    public void A_damaged_region_is_listed_with_what_is_wrong()
    {
        Directory.CreateDirectory(_folder.Rings);
        File.WriteAllText(Path.Combine(_folder.Rings, "broken-4-5-0.ring"), "no region");
        JsonElement recorder = Assert.Single(_folder.Recorders());
        Assert.Equal("damaged", recorder.GetProperty("state").GetString());
        Assert.NotEmpty(recorder.GetProperty("problem").GetString()!);
    }

    private string State() => Assert.Single(_folder.Recorders()).GetProperty("state").GetString()!;
}
