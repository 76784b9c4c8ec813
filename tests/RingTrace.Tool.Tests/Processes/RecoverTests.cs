using System.Text.Json;
using RingTrace.Attach;
using RingTrace.Attach.Tests;
using RingTrace.Tool.Commands;
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
        Wait.Until(
            () => _folder.Recorders().Select(recorder => recorder.GetProperty("state").GetString()).Order().SequenceEqual(["dead", "live"]),
            "one is dead and one is alive");

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

    [Fact]
    public void A_control_file_that_is_left_alone_is_cleaned_too_and_what_stays_is_a_failure_where_that_is_asked_for()
    {
        // By its name of a process that lives, by its content of a dead one.
        string dead = Dead(events: 10);
        using TargetProcess live = _folder.Start();
        string odd = Assert.Single(Directory.GetFiles(_folder.Rings, $"target-{live.Name}-*.ring")).Replace("-0.ring", "-9.ring", StringComparison.Ordinal);
        File.Move(dead, odd);
        string orphan = Path.ChangeExtension(dead, ".ctl");
        CommandRun run = _folder.Tool("clean", "--older-than", "0s", "--strict");
        Assert.Equal((1, $"ringtrace: {odd} is in use, or of another user: it stays\n"), (run.ExitCode, run.Error));
        Assert.Contains(orphan, run.Lines);
        Assert.False(File.Exists(orphan));
        Assert.Equal(1, _folder.Tool("clean", "--older-than", "0s").ExitCode);
    }

    [Fact]
    public void One_that_has_no_place_is_said_and_the_others_are_saved()
    {
        string first = Dead(events: 10);
        string second = Path.Combine(_folder.Rings, "other-4-5-0.ring");
        File.Copy(first, second);
        string place = Path.Combine(_folder["saved"], Path.GetFileNameWithoutExtension(first));
        Directory.CreateDirectory(place);
        CommandRun run = _folder.Tool("recover", "--all", "-o", _folder["saved"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains(run.Lines, line => line.StartsWith($"{Path.Combine(_folder["saved"], "other-4-5-0")}: 10 events", StringComparison.Ordinal));
        Assert.Contains(run.Error.Split('\n'), line => line.StartsWith($"ringtrace: {first}: nothing saved", StringComparison.Ordinal)
            && line.Contains(place, StringComparison.Ordinal));

        // A second time neither has one. What others leave behind meanwhile may have.
        CommandRun again = _folder.Tool("recover", "--all", "-o", _folder["saved"]);
        Assert.DoesNotContain(again.Lines, line => line.StartsWith($"{place}: ", StringComparison.Ordinal)
            || line.StartsWith($"{Path.Combine(_folder["saved"], "other-4-5-0")}: ", StringComparison.Ordinal));
        Assert.All([first, second], ring => Assert.Contains($"ringtrace: {ring}: nothing saved", again.Error, StringComparison.Ordinal));
    }

    [Fact]
    public void Two_files_of_one_name_get_two_folders()
    {
        string ring = Dead(events: 10);
        string name = Path.GetFileNameWithoutExtension(ring);
        string elsewhere = Path.Combine("/dev/shm", "ringtrace-" + Path.GetRandomFileName());
        Directory.CreateDirectory(elsewhere);
        try
        {
            File.Copy(ring, Path.Combine(elsewhere, Path.GetFileName(ring)));
            Assert.Equal(0, _folder.Tool("recover", "--all", "-o", _folder["saved"]).ExitCode);
            Assert.Equal(10, CommandRun.Tool("view", Path.Combine(_folder["saved"], name)).Lines.Length);
            Assert.Equal(10, CommandRun.Tool("view", Path.Combine(_folder["saved"], name + ".2")).Lines.Length);
        }
        finally
        {
            Directory.Delete(elsewhere, recursive: true);
        }
    }

    /// <summary>Who can write a region can call its service what he likes.</summary>
    [Fact]
    public void A_name_neither_drives_the_terminal_nor_leads_elsewhere()
    {
        string ring = Dead(events: 10);
        byte[] file = File.ReadAllBytes(ring);
        "../../\e[2J"u8.CopyTo(file.AsSpan(file.AsSpan(0, 4096).IndexOf("target\0"u8)));
        File.WriteAllBytes(ring, file);
        Assert.StartsWith(".._.._", SnapshotCommand.DefaultName(Assert.Single(RecorderFinder.FindTarget(ring))), StringComparison.Ordinal);
        CommandRun listed = _folder.Tool("ps");
        Assert.Contains("../../\ufffd[2J", listed.Output, StringComparison.Ordinal);
        CommandRun saved = _folder.Tool("recover", ring, "-o", _folder["saved"]);
        CommandRun taken = _folder.Tool("snapshot", ring, "-o", _folder["taken"]);
        Assert.DoesNotContain('\e', listed.Output + saved.Output + saved.Error + taken.Output + taken.Error);
    }

    private string Dead(int events)
    {
        using TargetProcess target = _folder.Start();
        target.Ask($"write {events}");
        string ring = Assert.Single(Directory.GetFiles(_folder.Rings, $"target-{target.Name}-*.ring"));
        target.Kill();
        return ring;
    }
}
