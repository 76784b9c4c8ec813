using System.Text.Json;
using RingTrace.Formats;
using Xunit;

namespace RingTrace.Attach.Tests.Containers;

/// <summary>Recorders in containers, seen from the host, from inside, and from the container beside.</summary>
public sealed class ContainerTests : IDisposable
{
    private const int Events = 1_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("ringtrace-containers-").FullName;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_recorder_in_a_container_is_found_and_read_from_the_host(bool otherUser)
    {
        using Container container = Start(otherUser);
        FoundRecorder found = FindIn(container);

        Assert.Equal(RecorderState.Live, found.State);
        Assert.Equal(container.HostPid, found.ProcessId);
        Assert.Equal(container.PidInside, found.RegionProcessId);
        Assert.NotEqual(found.ProcessId, found.RegionProcessId);
        Assert.StartsWith("/proc/", found.RingPath, StringComparison.Ordinal);
        Assert.Equal(Events, EventsOf(found));
        Assert.Equal($"written {Events}", container.Ask($"write {Events}"));
    }

    [Fact]
    public void Another_users_recorder_is_read_by_copies_alone()
    {
        using Container container = Start(otherUser: true);
        FoundRecorder found = FindIn(container);

        Assert.Equal((uint)Container.OtherUser, found.UserId);
        using OutsideRecorder recorder = OutsideRecorder.Open(found);
        Assert.True(recorder.IsReadOnly);
    }

    /// <summary>Who reads there counts in other numbers: it would take our seat over as a dead one's.</summary>
    [Fact]
    public void What_counts_processes_in_other_numbers_is_read_by_copies_alone()
    {
        using Container container = Start(otherUser: false);

        using OutsideRecorder recorder = OutsideRecorder.Open(FindIn(container));
        Assert.True(recorder.IsReadOnly);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_killed_in_a_container_is_recovered_from_the_host(bool otherUser)
    {
        using Container container = Start(otherUser);
        string path = FindIn(container).RingPath;
        container.KillTarget();

        FoundRecorder found = Assert.Single(RecorderFinder.Find(), found => Path.GetFileName(found.RingPath) == Path.GetFileName(path));
        Assert.Equal(RecorderState.Dead, found.State);
        Assert.Equal(container.PidInside, found.RegionProcessId);
        Assert.Equal(Events, EventsOf(found));
    }

    [Fact]
    public void Memory_is_used_and_found_where_the_containers_shared_memory_is_too_small()
    {
        Container.SkipWhereForbidden(otherUser: false);
        using Container container = Container.Start(_folder, otherUser: false, "--memory", $"{256 << 20}");
        Assert.Equal($"written {Events}", container.Ask($"write {Events}"));
        FoundRecorder found = FindIn(container);

        Assert.True(found.IsMemory);
        Assert.Equal(RecorderState.Live, found.State);
        Assert.Equal(Events, EventsOf(found));
    }

    /// <summary>
    /// A sidecar: the same volume, other process numbers. Whether the recorder lives can't be asked by its number there; the
    /// lock that it holds says it.
    /// </summary>
    [Fact]
    public void A_container_beside_it_never_takes_the_living_for_dead()
    {
        Container.SkipWhereForbidden(otherUser: false);
        string rings = Path.Combine(_folder, "rings"), trace = Path.Combine(_folder, "trace"), last = Path.Combine(_folder, "last");
        using Container container = Container.Start(_folder, otherUser: false, "--dir", rings, "--memory", $"{1 << 20}");
        Assert.Equal($"written {Events}", container.Ask($"write {Events}"));
        string ring = Assert.Single(Directory.GetFiles(rings, "*.ring"));

        Assert.Equal("live", StateBeside(rings));
        Assert.DoesNotContain(ring, Container.RunToEnd(
            "env", $"RINGTRACE_DIR={rings}", Tool, "clean", "--older-than", "0s", "--dry-run", "--json"), StringComparison.Ordinal);
        Container.RunToEnd(Tool, "snapshot", ring, "-o", trace);
        Assert.Equal(Events, CountOf(trace));
        Assert.True(File.Exists(ring));

        // Who answers is known by that lock, and other consumers are kept out by one.
        Assert.Equal("1 events changed\n", Container.RunToEnd(Tool, "disable", ring, "Target:Tick"));
        container.KillTarget();
        Assert.Equal("dead", StateBeside(rings));
        Container.RunToEnd(Tool, "recover", ring, "-o", last);
        Assert.Equal(Events, Directory.GetDirectories(last).Append(last).Where(IsTrace).Sum(CountOf));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Tool => Container.ProgramOf("RingTrace.Tool");

    private Container Start(bool otherUser)
    {
        Container.SkipWhereForbidden(otherUser);
        Container container = Container.Start(_folder, otherUser, "--memory", $"{1 << 20}");
        Assert.Equal($"written {Events}", container.Ask($"write {Events}"));
        return container;
    }

    private static FoundRecorder FindIn(Container container) =>
        Assert.Single(RecorderFinder.FindTarget($"{container.HostPid}"));

    private static string? StateBeside(string rings)
    {
        using JsonDocument processes = JsonDocument.Parse(
            Container.RunToEnd("env", $"RINGTRACE_DIR={rings}", Tool, "ps", "--json"));
        JsonElement recorder = Assert.Single(
            processes.RootElement.GetProperty("recorders").EnumerateArray(),
            recorder => recorder.GetProperty("ring").GetString()!.StartsWith(rings, StringComparison.Ordinal));
        return recorder.GetProperty("state").GetString();
    }

    private long EventsOf(FoundRecorder found)
    {
        string trace = Path.Combine(_folder, "trace");
        using OutsideRecorder recorder = OutsideRecorder.Open(found);
        recorder.Snapshot(trace);
        return CountOf(trace);
    }

    private static bool IsTrace(string folder) => File.Exists(Path.Combine(folder, "metadata"));

    private static long CountOf(string trace)
    {
        long count = 0;
        foreach (EventView item in TraceReader.Open(trace).Events(new TraceQuery { Name = "Target:Tick" }))
        {
            count += item.GetInt64("number") == count ? 1 : 0;
        }

        return count;
    }
}
