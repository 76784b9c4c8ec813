using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using RingTrace.Tests.Events;
using Xunit;

namespace RingTrace.Tests;

public sealed class SnapshotSignalTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory = new();
    private readonly BlockingCollection<string> _warnings = [];

    [Fact]
    public void The_signal_makes_a_snapshot_named_for_the_service_and_the_process()
    {
        string traces = _directory["traces"];
        using FlightRecorder recorder = Start(traces);
        using FileSystemWatcher watcher = new(Directory.CreateDirectory(traces).FullName);
        using BlockingCollection<string> made = [];
        watcher.Created += (_, e) => made.Add(e.Name!);
        watcher.Renamed += (_, e) => made.Add(e.Name!);
        watcher.EnableRaisingEvents = true;
        for (int i = 0; i < 2; i++)
        {
            TestEvents.Small(i, i);
            Raise();
            string name;
            do
            {
                Assert.True(made.TryTake(out name!, Patience), "no snapshot");
            }
            while (!name.StartsWith($"test-{Environment.ProcessId}-", StringComparison.Ordinal));

            Assert.True(File.Exists(Path.Combine(traces, name, "metadata")));
            Assert.Contains("SIGUSR2", File.ReadAllText(Path.Combine(traces, name, "metadata")), StringComparison.Ordinal);
        }

        Assert.Empty(_warnings);
    }

    [Fact]
    public void Two_recorders_of_one_name_make_two_snapshots_at_one_signal()
    {
        string traces = _directory["traces"];
        using FlightRecorder one = Start(traces);
        using FlightRecorder two = Start(traces);
        Raise();
        foreach (FlightRecorder recorder in (FlightRecorder[])[one, two])
        {
            string mine = $"test-{Environment.ProcessId}-{recorder.Region!.Number}-*";
            Assert.True(
                SpinWait.SpinUntil(() => Directory.Exists(traces) && Directory.GetDirectories(traces, mine).Length == 1, Patience), mine);
        }

        Assert.Empty(_warnings);
    }

    [Fact]
    public void What_goes_wrong_is_a_warning_and_the_next_signal_is_heard()
    {
        File.WriteAllText(_directory["file"], "");
        using FlightRecorder recorder = Start(_directory["file"]);
        for (int i = 0; i < 2; i++)
        {
            Raise();
            Assert.True(_warnings.TryTake(out string? warning, Patience), "no warning");
            Assert.StartsWith("SIGUSR2: no snapshot: ", warning, StringComparison.Ordinal);
        }
    }

    /// <summary>On a thread of the recorder's own: what it throws would end the process, and this test with it.</summary>
    [Fact]
    public void A_warning_that_can_not_be_told_is_left_and_the_next_signal_is_heard()
    {
        File.WriteAllText(_directory["file"], "");
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder() with
        {
            SnapshotOnSignal = _directory["file"],
            OnWarning = line =>
            {
                _warnings.Add(line);
                throw new IOException("No space left on device");
            },
        });
        for (int i = 0; i < 2; i++)
        {
            Raise();
            Assert.True(_warnings.TryTake(out _, Patience), "no warning");
        }
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("no\0path", false)]
    public void A_directory_that_is_none_leaves_no_recorder_behind(string directory, bool isStarted)
    {
        int before = FlightRecorder.Running.Count;
        if (isStarted)
        {
            Start(directory).Dispose();
        }
        else
        {
            Assert.Throws<ArgumentException>(() => Start(directory));
        }

        Assert.Equal(before, FlightRecorder.Running.Count);
        Assert.False(TestEvents.Provider.Events[0].IsEnabled);
        Assert.Empty(Directory.EnumerateFiles(_directory["rings"]));
    }

    public void Dispose()
    {
        _warnings.Dispose();
        _directory.Dispose();
    }

    private static void Raise()
    {
        using Process kill = Process.Start("kill", ["-USR2", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private FlightRecorder Start(string traces) => FlightRecorder.Start(
        _directory.Recorder() with { SnapshotOnSignal = traces, OnWarning = _warnings.Add });
}
