using System.Runtime.InteropServices;
using RingTrace.Buffers.Tests.Regions;
using RingTrace.Formats;
using Xunit;
using PacketHeader = RingTrace.Buffers.PacketHeader;

namespace RingTrace.Attach.Tests.Feeding;

public sealed class RecordingTests : AttachTest
{
    /// <summary>Longer is not waited for: of many CPUs, each may have an open packet.</summary>
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(1);

    private string Trace => PathOf("trace");

    /// <summary>Begins to record; returns when it has begun.</summary>
    private static Task<RecordingResult> Record(OutsideRecorder recorder, string trace, CancellationToken cancel)
    {
        Task<RecordingResult> recording = Task.Factory.StartNew(
            () => Recording.Run(recorder, trace, null, null, cancel),
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Await(() => File.Exists(Path.Combine(trace, "metadata")), recording);
        return recording;
    }

    private long OnDisk() => Directory.GetFiles(Trace).Sum(file => new FileInfo(file).Length);

    /// <summary>Waits, but not for what can't come any more.</summary>
    private static void Await(Func<bool> condition, Task recording) => SpinWait.SpinUntil(() => condition() || recording.IsCompleted);

    [Theory]
    [MemberData(nameof(Writers))]
    public async Task Nothing_is_lost_at_a_rate_that_the_disk_can_take(string writer)
    {
        // More than a ring holds. What is not recorded yet stays below half of one, whoever else wants the CPUs.
        const int RingBytes = 8 << 20;
        const int RecordBytes = 22;
        using Target target = Start($"--writer {writer} --memory {Environment.ProcessorCount * (long)RingBytes}");
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        using CancellationTokenSource cancel = new();
        Task<RecordingResult> recording = Record(recorder, Trace, cancel.Token);
        for (int written = 50_000; written <= 1_000_000; written += 50_000)
        {
            target.Tell("write 50000");
            SpinWait.SpinUntil(() => recording.IsCompleted || OnDisk() > (written * (long)RecordBytes) - (RingBytes / 2), s_pace);
        }

        await cancel.CancelAsync();
        RecordingResult result = await recording;
        Assert.Equal(Enumerable.Range(0, 1_000_000).Select(i => (long)i), Ticks(Trace)[0]);
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
        Task<RecordingResult> recording = Record(recorder, Trace, cancel.Token);
        target.Tell("spin 0");
        Await(() => OnDisk() > 2 << 20, recording);
        long written = target.StopSpinning().Sum();
        await cancel.CancelAsync();
        RecordingResult result = await recording;
        long recorded = Ticks(Trace).Values.Sum(numbers => numbers.Count);
        Assert.Equal(written, recorded + result.Losses.Lost.Values.Sum(count => (long)count));
    }

    [Fact]
    public async Task A_process_that_dies_ends_it_and_its_last_events_are_in_it()
    {
        using Target target = Start();
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        Task<RecordingResult> recording = Record(recorder, Trace, TestContext.Current.CancellationToken);
        target.Tell("write 1000");
        target.Kill();
        Assert.True((await recording).TargetEnded);
        Assert.Equal(1000, Ticks(Trace)[0].Count);
    }

    /// <summary>Spans are an event that the recorder learns long after the recording began.</summary>
    [Fact]
    public async Task The_target_keeps_its_history_and_a_trace_can_be_read_while_it_grows()
    {
        using Target target = Start("--memory 262144");
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        using CancellationTokenSource cancel = new();
        Task<RecordingResult> recording = Record(recorder, Trace, cancel.Token);
        target.Tell("write 1000");
        target.Tell("span 1000");
        Await(() => Directory.GetFiles(Trace).Length > 1, recording);
        Assert.NotEmpty(Ticks(Trace));
        await cancel.CancelAsync();
        await recording;
        using OutsideRecorder other = OutsideRecorder.Open(Find());
        Take(other, "snapshot");
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), Ticks(Trace)[0]);
        Assert.Equal(Ticks(Trace)[0], Ticks(PathOf("snapshot"))[0]);
    }

    /// <summary>A thread moves to a CPU that has no ring yet: until it has one its records are lost, and counted.</summary>
    [Theory]
    [MemberData(nameof(Writers))]
    public async Task What_is_lost_for_want_of_a_ring_is_counted(string writer)
    {
        using Target target = StartOnOneCpu($"--writer {writer}");
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        using OutsideRecorder other = OutsideRecorder.Open(Find());
        using CancellationTokenSource cancel = new();
        Task<RecordingResult> recording = Record(recorder, Trace, cancel.Token);
        target.Tell("write 100");
        target.Pin(1);
        target.Tell("write 500");
        Await(() => other.Statistics().Rings.Count == 2, recording);
        target.Tell("write 100");
        await cancel.CancelAsync();
        RecordingResult result = await recording;
        long lost = result.Losses.Lost.Values.Sum(count => (long)count);
        Assert.Equal((long)result.Losses.Lost["no_buffer"], lost);
        Assert.Equal(700, Ticks(Trace)[0].Count + lost);
        Assert.Equal($"{lost}", InMetadata("ringtrace_lost_no_buffer"));
    }

    [Fact]
    public void A_ring_that_is_not_there_yet_is_counted_too()
    {
        using Target target = StartOnOneCpu("");
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        using PacketFeed feed = recorder.Feed();
        target.Pin(1);
        target.Tell("write 10");
        Assert.Equal(10ul, feed.Losses.Lost["no_buffer"]);
    }

    /// <summary>What the recorder lost before the recording began is not the recording's.</summary>
    [Fact]
    public async Task The_metadata_tell_what_was_lost_meanwhile()
    {
        using Target target = Start("--memory 65536 --mode discard");
        target.Tell("write 10000");
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        Assert.True(recorder.Statistics().Lost["full"] > 0);
        using CancellationTokenSource cancel = new();
        Task<RecordingResult> recording = Record(recorder, Trace, cancel.Token);
        await cancel.CancelAsync();
        Assert.Empty((await recording).Losses.Lost);
        Assert.Null(InMetadata("ringtrace_lost_full"));
    }

    [Fact]
    public async Task A_packet_that_was_open_when_the_process_died_ends_at_its_last_record()
    {
        using Target target = Start();
        target.Pin();
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        Task<RecordingResult> recording = Record(recorder, Trace, TestContext.Current.CancellationToken);
        target.Tell("write 100");
        target.Kill();
        Assert.True((await recording).TargetEnded);
        ulong last = 0;
        foreach (EventView item in TraceReader.Open(Trace).Events())
        {
            last = item.Ticks;
        }

        byte[] stream = await File.ReadAllBytesAsync(
            Assert.Single(Directory.GetFiles(Trace), file => Path.GetFileName(file) != "metadata"), TestContext.Current.CancellationToken);
        Assert.Equal(last, MemoryMarshal.Read<PacketHeader>(stream).End.Timestamp);
    }

    /// <summary>What was written are whole packets, and what the trace holds is told.</summary>
    [Fact]
    public async Task A_full_disk_ends_it_and_leaves_a_trace()
    {
        using TestFolder disk = TestFolder.OwnFileSystem("size=1m");
        using Target target = Start("--memory 16777216");
        target.Pin();
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        Task<RecordingResult> recording = Record(recorder, disk.Sub("trace"), TestContext.Current.CancellationToken);
        target.Tell("write 200000");
        await Assert.ThrowsAsync<IOException>(() => recording);
        List<long> ticks = Ticks(disk.Sub("trace"))[0];
        AssertIsTail(ticks, ticks.Count);
        Assert.Contains("ringtrace_ring0_packets", await File.ReadAllTextAsync(
            Path.Combine(disk.Sub("trace"), "metadata"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(disk.Sub("trace"), ".metadata")));
    }

    /// <summary>With files, and with memory that has no name.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_recorder_that_ends_in_a_process_that_lives_on_ends_it(bool inMemory)
    {
        using TestFolder? tooSmall = inMemory ? TestFolder.OwnFileSystem("size=64k") : null;
        using Target target = Target.Start(tooSmall?.Path ?? Rings);
        FoundRecorder found = Assert.Single(RecorderFinder.FindTarget($"{target.Id}"));
        Assert.Equal(inMemory, found.IsMemory);
        using OutsideRecorder recorder = OutsideRecorder.Open(found);
        Task<RecordingResult> recording = Record(recorder, Trace, TestContext.Current.CancellationToken);
        target.Tell("write 1000");
        Assert.True(recorder.IsAlive());
        target.Tell("end");
        RecordingResult result = await recording;
        Assert.Equal((true, false, true), (result.TargetEnded, recorder.IsAlive(), recorder.IsProcessAlive()));
        Assert.Equal(1000, Ticks(Trace)[0].Count);
    }

    /// <summary>Somebody removes the files; the recorder goes on.</summary>
    [Fact]
    public void Files_that_are_removed_are_recorded_on()
    {
        using Target target = Start();
        using OutsideRecorder recorder = OutsideRecorder.Open(Find());
        File.Delete(recorder.Found.RingPath);
        Assert.True(recorder.IsAlive());
    }

    /// <summary>What the trace's metadata say under this name; null for nothing.</summary>
    private string? InMetadata(string name) => File.ReadLines(Path.Combine(Trace, "metadata"))
        .Select(line => line.Trim().Split(" = ")).FirstOrDefault(pair => pair[0] == name)?[1].TrimEnd(';');
}
