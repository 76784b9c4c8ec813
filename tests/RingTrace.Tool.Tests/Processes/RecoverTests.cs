using System.Text.Json;
using RingTrace.Attach.Tests;
using Xunit;

namespace RingTrace.Tool.Tests.Processes;

public sealed class RecoverTests : IDisposable
{
    private readonly ProcessFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("rseq")]
    [InlineData("classic")]
    public void A_service_that_was_killed_and_started_again_has_its_history_recovered(string writer)
    {
        using (TargetProcess first = _folder.Start("--writer", writer))
        {
            first.Ask("write 1000");
            first.Kill();
        }

        string ring = Assert.Single(Directory.GetFiles(_folder.Rings, "*.ring"));
        using TargetProcess second = _folder.Start("--writer", writer);
        Assert.True(File.Exists(ring), "the predecessor is gone");
        Assert.Equal(["dead", "live"], _folder.Recorders().Select(recorder => recorder.GetProperty("state").GetString()).Order());

        JsonElement region = Assert.Single(
            _folder.Json("recover", "--all", "-o", _folder["saved"]).GetProperty("regions").EnumerateArray(),
            region => region.GetProperty("region").GetString() == ring);
        Assert.Equal(1000, region.GetProperty("events").GetInt64());
        Assert.Equal(0, region.GetProperty("leftOutBytes").GetInt64());
        Assert.Empty(region.GetProperty("problems").EnumerateArray());
        string trace = Path.Combine(_folder["saved"], Path.GetFileNameWithoutExtension(ring));
        Assert.Equal(trace, region.GetProperty("path").GetString());
        Assert.Equal(1000, CommandRun.Babeltrace(trace).Lines.Length);

        // Only one is kept: the next start takes the place of this one's backup.
        second.Kill();
        using TargetProcess third = _folder.Start("--writer", writer);
        Assert.False(File.Exists(ring));
        Assert.Equal(2, Directory.GetFiles(_folder.Rings, "*.ring").Length);
    }

    [Fact]
    public void A_living_process_is_not_recovered()
    {
        using TargetProcess target = _folder.Start();
        CommandRun run = _folder.Tool("recover", target.Name, "-o", _folder["saved"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"ringtrace snapshot {target.Name}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_damaged_file_it_says_how_much_was_saved()
    {
        string ring = Dead(events: 1000);
        using (FileStream file = new(ring, FileMode.Open))
        {
            // Zeros where the rings' words are.
            file.SetLength(file.Length / 64);
        }

        CommandRun run = _folder.Tool("recover", ring, "-o", _folder["saved"], "--json");
        JsonElement region = Assert.Single(JsonDocument.Parse(run.Output).RootElement.GetProperty("regions").EnumerateArray());
        Assert.InRange(region.GetProperty("events").GetInt64(), 0, 999);
        Assert.NotEmpty(region.GetProperty("problems").EnumerateArray());
        Assert.NotEmpty(run.Error);
        Assert.Equal(1, _folder.Tool("recover", ring, "-o", _folder["strict"], "--strict").ExitCode);
    }

    [Fact]
    public void What_is_cleaned_is_gone_and_what_lives_or_may_live_stays()
    {
        string dead = Dead(events: 10);
        using TargetProcess live = _folder.Start();
        JsonElement kept = _folder.Json("clean");
        Assert.Equal(1, kept.GetProperty("kept").GetInt32());

        JsonElement told = _folder.Json("clean", "--older-than", "0s", "--dry-run");
        Assert.Equal(dead, Assert.Single(told.GetProperty("removed").EnumerateArray()).GetString());
        Assert.True(File.Exists(dead));
        using (new FileStream(dead, FileMode.Open, FileAccess.Read, FileShare.Read))
        {
            // A shared lock, as its writer in another namespace would hold.
            Assert.Equal(0, _folder.Json("clean", "--older-than", "0s").GetProperty("removed").GetArrayLength());
            Assert.True(File.Exists(dead));
        }

        Assert.Equal(1, _folder.Json("clean", "--keep", "0").GetProperty("removed").GetArrayLength());
        Assert.False(File.Exists(dead) || File.Exists(Path.ChangeExtension(dead, ".ctl")));
        Assert.Single(Directory.GetFiles(_folder.Rings, "*.ring"));
    }

    private string Dead(int events)
    {
        using TargetProcess target = _folder.Start();
        target.Ask($"write {events}");
        string ring = Assert.Single(Directory.GetFiles(_folder.Rings, "*.ring"));
        target.Kill();
        return ring;
    }
}
