using System.Diagnostics;
using RingTrace.Buffers;
using RingTrace.Formats;
using Xunit;

namespace RingTrace.Attach.Tests.Control;

public sealed class RecorderControlTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ringtrace-control-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_is_disabled_is_not_recorded_once_it_is_answered()
    {
        using TargetProcess target = TargetProcess.Start(_directory);
        using OutsideRecorder recorder = Open(target);
        target.Ask("write 10");
        RecorderAnswer answer = Send(recorder, new RecorderCommand(RecorderAction.Disable, "Target:Tick"));
        Assert.Equal(new RecorderAnswer(1, IsKept: true, Problem: null), answer);

        target.Ask("write 1000");
        Assert.Equal(10, Events(recorder));

        // The second may change in the midst of it.
        Send(recorder, new RecorderCommand(RecorderAction.Enable, "Target:*") { MostPerSecond = 10 });
        target.Ask("write 1000");
        Assert.Contains(Events(recorder), (int[])[20, 30]);
    }

    [Fact]
    public void A_stopped_process_is_an_error_of_one_line_and_obeys_no_withdrawn_command()
    {
        using TargetProcess target = TargetProcess.Start(_directory);
        using OutsideRecorder recorder = Open(target);
        target.Signal("STOP");
        long begin = Stopwatch.GetTimestamp();
        AttachException error = Assert.Throws<AttachException>(
            () => Send(recorder, new RecorderCommand(RecorderAction.Disable, "*")));
        Assert.Contains("may be stopped or hung", error.Message, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(begin) >= RecorderControl.Patience * 0.9);

        target.Signal("CONT");
        Assert.Equal(1, Send(recorder, new RecorderCommand(RecorderAction.Disable, "Target:Tick")).Changed);
    }

    [Fact]
    public void A_dead_consumers_claim_is_taken_over_and_a_living_ones_is_waited_for()
    {
        using TargetProcess target = TargetProcess.Start(_directory);
        using OutsideRecorder recorder = Open(target);
        RecorderCommand command = new(RecorderAction.Disable, "Target:Tick");
        CommandFile file = CommandFile.Open(recorder.Found.RingPath, recorder.Found.ControlPath!);
        Assert.True(file.TryLock());
        Assert.NotEqual(0ul, file.Mailbox.TryClaim(Environment.ProcessId));
        AttachException error = Assert.Throws<AttachException>(() => Send(recorder, command));
        Assert.Contains("another consumer keeps the command page", error.Message, StringComparison.Ordinal);

        // Its claim stays, its lock does not.
        file.Dispose();
        Assert.Equal(1, Send(recorder, command).Changed);
    }

    [Fact]
    public void The_dead_obey_nobody()
    {
        using TargetProcess target = TargetProcess.Start(_directory);
        using OutsideRecorder recorder = Open(target);
        target.Kill();
        AttachException error = Assert.Throws<AttachException>(
            () => Send(recorder, new RecorderCommand(RecorderAction.Disable, "*")));
        Assert.Contains("has ended", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_no_recorder_would_take_is_refused_at_once()
    {
        using TargetProcess target = TargetProcess.Start(_directory);
        using OutsideRecorder recorder = Open(target);
        string longest = new('\u00e9', RecorderCommand.MaxPattern);
        Assert.Throws<ArgumentException>(() => Send(recorder, new RecorderCommand(RecorderAction.Enable, "")));
        Assert.Throws<ArgumentException>(
            () => Send(recorder, new RecorderCommand(RecorderAction.Enable, longest) { Category = longest }));
    }

    [Fact]
    public void A_recorder_whose_page_is_gone_obeys_by_the_diagnostics_port()
    {
        using TargetProcess target = TargetProcess.Start(_directory);
        using OutsideRecorder recorder = Open(target);
        File.Delete(recorder.Found.ControlPath!);
        RecorderAnswer answer = Send(recorder, new RecorderCommand(RecorderAction.Disable, "Target:Tick"));
        Assert.Equal(new RecorderAnswer(1, IsKept: true, Problem: null), answer);
        target.Signal("STOP");
        AttachException error = Assert.Throws<AttachException>(
            () => Send(recorder, new RecorderCommand(RecorderAction.Disable, "Target:Tick")));
        Assert.Contains(recorder.Found.ControlPath!, error.Message, StringComparison.Ordinal);
        Assert.Contains("it is stopped", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_control_file_without_its_page_is_an_error_that_names_it()
    {
        using TargetProcess target = TargetProcess.Start(_directory);
        using OutsideRecorder recorder = Open(target);
        string copy = Path.Combine(_directory, "short.ctl");
        File.WriteAllBytes(copy, new byte[100]);
        RegionException error = Assert.Throws<RegionException>(() => CommandFile.Open(recorder.Found.RingPath, copy));
        Assert.Contains(copy, error.Message, StringComparison.Ordinal);
        Assert.Throws<RegionException>(() => CommandFile.Open(copy, copy));
    }

    private OutsideRecorder Open(TargetProcess target) =>
        OutsideRecorder.Open(Assert.Single(RecorderFinder.Find(_directory), found => found.ProcessId == target.Id));

    private static RecorderAnswer Send(OutsideRecorder recorder, RecorderCommand command) =>
        RecorderControl.Send(recorder, command, TestContext.Current.CancellationToken);

    private int Events(OutsideRecorder recorder)
    {
        string trace = Path.Combine(_directory, Path.GetRandomFileName());
        recorder.Snapshot(trace);
        int events = 0;
        foreach (EventView _ in TraceReader.Open(trace).Events())
        {
            events++;
        }

        return events;
    }
}
