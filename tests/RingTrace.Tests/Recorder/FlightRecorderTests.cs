using RingTrace.Buffers;
using RingTrace.Tests.Events;
using RingTrace.Tests.Snapshot;
using Xunit;

namespace RingTrace.Tests.Recorder;

public sealed class FlightRecorderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Events_are_off_without_a_recorder_and_after_it()
    {
        EventSite site = TestEvents.Provider.Events[0];
        Assert.False(site.IsEnabled);
        using (FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder()))
        {
            Assert.True(site.IsEnabled);
            Assert.True(recorder.IsRecording);
        }

        Assert.False(site.IsEnabled);
        TestEvents.Small(1, 1);
    }

    [Fact]
    public void Events_below_the_level_start_disabled_and_are_switched_by_pattern()
    {
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder());
        EventSite detail = TestEvents.Provider.Events.Single(site => site.Schema.Name == "Detail");
        EventSite small = TestEvents.Provider.Events.Single(site => site.Schema.Name == "Small");
        Assert.False(detail.IsEnabled);
        Assert.Equal(0, recorder.Enable("Test:*", TraceLevel.Info));
        Assert.Equal(1, recorder.Enable("Test:D*"));
        Assert.True(detail.IsEnabled);
        Assert.Equal(1, recorder.Disable("*:Small"));
        Assert.False(small.IsEnabled);
        Assert.True(detail.IsEnabled);
        TestEvents.Small(1, 1);
        TestEvents.Detail(5);
        recorder.Snapshot(_directory["trace"]);
        Assert.Contains("Test:Detail", Assert.Single(Babeltrace.Read(_directory["trace"]).Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_recorders_both_get_every_event()
    {
        using FlightRecorder one = FlightRecorder.Start(_directory.Recorder());
        using FlightRecorder two = FlightRecorder.Start(_directory.Recorder());
        Assert.NotEqual(one.RingPath, two.RingPath);
        TestEvents.Small(1, 2);
        one.Snapshot(_directory["one"]);
        two.Snapshot(_directory["two"]);
        Assert.Single(Babeltrace.Read(_directory["one"]).Lines);
        Assert.Single(Babeltrace.Read(_directory["two"]).Lines);
        two.Dispose();
        TestEvents.Small(3, 4);
        one.Snapshot(_directory["one-again"]);
        Assert.Equal(2, Babeltrace.Read(_directory["one-again"]).Lines.Length);
    }

    [Fact]
    public void A_provider_is_added_to_the_channel_that_is_named()
    {
        using FlightRecorder recorder = FlightRecorder.Start(
            _directory.Recorder(new ChannelOptions { Name = "a" }, new ChannelOptions { Name = "b" })
            with
            { BindAllProviders = false });
        Assert.False(TestEvents.Provider.Events[0].IsEnabled);
        recorder.Add(TestEvents.Provider, "b");
        TestEvents.Small(1, 2);
        SnapshotResult result = recorder.Snapshot(_directory["trace"]);
        Assert.Equal("b", result.Streams.Single(stream => stream.Packets > 0).Channel);
        Assert.Single(Babeltrace.Read(result.Path).Lines);
        Assert.Throws<ArgumentException>(() => recorder.Add(TestEvents.Provider, "c"));
    }

    [Fact]
    public void Dispose_is_safe_under_concurrent_writers_and_removes_the_files()
    {
        for (int round = 0; round < 20; round++)
        {
            FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder());
            string path = recorder.RingPath!;
            Assert.True(File.Exists(path));
            using CountdownEvent started = new(4);
            int stop = 0;
            Thread[] writers = [.. Enumerable.Range(0, 4).Select(me => new Thread(() =>
            {
                started.Signal();
                for (int i = 0; Volatile.Read(ref stop) == 0; i++)
                {
                    TestEvents.Small(i, me);
                    TestEvents.Texts("text", "chars", [1, 2]);
                }
            }))];
            Array.ForEach(writers, writer => writer.Start());
            started.Wait(TestContext.Current.CancellationToken);
            recorder.Dispose();
            recorder.Dispose();
            Assert.False(File.Exists(path));
            Volatile.Write(ref stop, 1);
            Array.ForEach(writers, writer => writer.Join());
            Assert.Throws<InvalidOperationException>(() => recorder.Snapshot(_directory["late"]));
        }
    }

    [Fact]
    public void An_existing_path_is_refused_and_nothing_is_left_behind()
    {
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder());
        string path = _directory["there"];
        Directory.CreateDirectory(path);
        IOException error = Assert.Throws<IOException>(() => recorder.Snapshot(path));
        Assert.Contains("exists already", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFileSystemEntries(_directory.Path).Length);
    }

    [Fact]
    public void An_event_call_allocates_nothing()
    {
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder());
        for (int pass = 0; pass < 3; pass++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 10_000; i++)
            {
                TestEvents.Small(i, i);
                TestEvents.Texts("Graz", "chars", [1, 2, 3]);
                TestEvents.Nothing();
                using TraceSpan span = TestEvents.Work(i);
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(pass == 0 || allocated == 0, $"{allocated} bytes in pass {pass}");
        }
    }

    [Fact]
    public void A_record_that_is_too_big_is_counted()
    {
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder(
            new ChannelOptions { SubBufferSize = 4096, SubBufferCount = 4 }));
        TestEvents.Texts("x", "y", new byte[3_000]);
        Assert.Equal(1ul, recorder.Statistics().Lost["too_big"]);
        SnapshotResult result = recorder.Snapshot(_directory["trace"]);
        Assert.Equal(1ul, result.Lost["too_big"]);
    }
}
