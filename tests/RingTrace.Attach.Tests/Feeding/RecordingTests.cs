using RingTrace.Buffers;
using Xunit;

namespace RingTrace.Attach.Tests.Feeding;

public sealed class RecordingTests : AttachTest
{
    private Task<RecordingResult> Record(OutsideRecorder recorder, CancellationToken cancel) => Task.Factory.StartNew(
        () => Recording.Run(recorder, PathOf("trace"), null, null, cancel),
        TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void AwaitStart() => SpinWait.SpinUntil(() => File.Exists(Path.Combine(PathOf("trace"), "metadata")));

    [Theory]
    [MemberData(nameof(Writers))]
    public async Task Nothing_is_lost_at_a_rate_that_the_disk_can_take(string writer)
    {
        using Target target = Start($"--writer {writer} --memory 16777216");
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        using CancellationTokenSource cancel = new();
        Task<RecordingResult> recording = Record(recorder, cancel.Token);
        AwaitStart();
        for (int i = 0; i < 20; i++)
        {
            target.Tell("write 50000");
        }

        await cancel.CancelAsync();
        RecordingResult result = await recording;
        Assert.Equal(Enumerable.Range(0, 1_000_000).Select(i => (long)i), Ticks(PathOf("trace"))[0]);
        Assert.Equal((0ul, false), (result.Losses.OverwrittenPackets, result.TargetEnded));
        Assert.Empty(result.Losses.Lost);
    }

    /// <summary>In a ring that never gives up what was not read, each event is recorded or counted.</summary>
    [Theory]
    [MemberData(nameof(Writers))]
    public async Task Recorded_and_lost_make_up_what_was_written(string writer)
    {
        using Target target = Start($"--writer {writer} --memory 131072 --mode discard --threads 2");
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        using CancellationTokenSource cancel = new();
        Task<RecordingResult> recording = Record(recorder, cancel.Token);
        AwaitStart();
        target.Tell("spin 0");
        SpinWait.SpinUntil(() => Directory.GetFiles(PathOf("trace")).Sum(file => new FileInfo(file).Length) > 2 << 20);
        long written = target.StopSpinning().Sum();
        await cancel.CancelAsync();
        RecordingResult result = await recording;
        long recorded = Ticks(PathOf("trace")).Values.Sum(numbers => numbers.Count);
        Assert.Equal(written, recorded + result.Losses.Lost.Values.Sum(count => (long)count));
    }

    [Fact]
    public async Task A_process_that_dies_ends_it_and_its_last_events_are_in_it()
    {
        using Target target = Start();
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        Task<RecordingResult> recording = Record(recorder, TestContext.Current.CancellationToken);
        AwaitStart();
        target.Tell("write 1000");
        target.Kill();
        Assert.True((await recording).TargetEnded);
        Assert.Equal(1000, Ticks(PathOf("trace"))[0].Count);
    }

    /// <summary>Spans are an event that the recorder learns long after the recording began.</summary>
    [Fact]
    public async Task The_target_keeps_its_history_and_a_trace_can_be_read_while_it_grows()
    {
        using Target target = Start("--memory 131072");
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        using CancellationTokenSource cancel = new();
        Task<RecordingResult> recording = Record(recorder, cancel.Token);
        AwaitStart();
        target.Tell("write 1000");
        target.Tell("span 1000");
        SpinWait.SpinUntil(() => Directory.GetFiles(PathOf("trace")).Length > 1);
        Assert.NotEmpty(Ticks(PathOf("trace")));
        await cancel.CancelAsync();
        await recording;
        using OutsideRecorder other = OutsideRecorder.Open(Find());
        Take(other, "snapshot");
        Assert.NotEmpty(Take(other, "again").Streams);
        Assert.Equal(RingMode.Overwrite, recorder.Image.Channels[0].Header.Mode);
    }
}
