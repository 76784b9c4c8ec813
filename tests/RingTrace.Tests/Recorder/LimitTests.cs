using RingTrace.Formats;
using RingTrace.Tests.Events;
using RingTrace.Tests.Snapshot;
using Xunit;

namespace RingTrace.Tests.Recorder;

/// <summary>Which records are kept: declared, switched at run time, counted when they are not.</summary>
public sealed class LimitTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private int _traces;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_timed_span_is_one_record_at_its_end()
    {
        using FlightRecorder recorder = Start();
        using (TypeEvents.Timed(7, "path", [1], null))
        {
            TypeEvents.Cut("inside", 1);
        }

        Assert.Equal(["Type:Cut", "Type:Timed"], Names(recorder));
    }

    [Fact]
    public void A_timed_span_tells_how_long_it_lasted()
    {
        using FlightRecorder recorder = Start();
        long before = System.Diagnostics.Stopwatch.GetTimestamp();
        using (TypeEvents.Timed(7, "path", [1], null))
        {
            Thread.SpinWait(1_000);
        }

        TimeSpan most = System.Diagnostics.Stopwatch.GetElapsedTime(before);
        List<ulong> durations = [];
        foreach (EventView view in Read(recorder).Events())
        {
            durations.Add(view.GetUInt64("duration"));
        }

        Assert.InRange(Assert.Single(durations), 1ul, (ulong)most.TotalNanoseconds);
    }

    [Fact]
    public void A_timed_span_that_is_disposed_twice_is_one_record()
    {
        using FlightRecorder recorder = Start();
        TimedSpan span = TypeEvents.Timed(7, "path", [1], null);
        span.Dispose();
        span.Dispose();
        Assert.Single(Names(recorder));
    }

    [Fact]
    public void A_timed_span_that_began_disabled_or_ends_disabled_is_none()
    {
        using FlightRecorder recorder = Start();
        TimedSpan early = TypeEvents.Timed(1, "", [], null);
        recorder.Disable("Type:Timed");
        TimedSpan late = TypeEvents.Timed(2, "", [], null);
        early.Dispose();
        recorder.Enable("Type:Timed");
        late.Dispose();
        Assert.Empty(Names(recorder));
    }

    [Fact]
    public void A_threshold_holds_back_short_spans_and_can_be_lifted()
    {
        using FlightRecorder recorder = Start();
        TypeEvents.Slow(1).Dispose();
        Assert.Equal(1, Suppressed(recorder, "Type:Slow"));
        Assert.Equal(1, recorder.Limit("Type:S*", threshold: TimeSpan.Zero));
        Assert.Equal(0, recorder.Limit("Type:S*", threshold: TimeSpan.Zero));
        TypeEvents.Slow(2).Dispose();
        Assert.Equal(["Type:Slow"], Names(recorder));
        Assert.Equal(1, recorder.Limit("Type:S*", threshold: TimeSpan.MaxValue));
        TypeEvents.Slow(3).Dispose();
        Assert.Single(Names(recorder));
        Assert.Equal(2, Suppressed(recorder, "Type:Slow"));
    }

    [Fact]
    public void A_threshold_is_nothing_to_an_event_that_has_no_duration()
    {
        using FlightRecorder recorder = Start();
        Assert.Equal(2, recorder.Limit("T*", threshold: TimeSpan.FromDays(2)));
        TestEvents.Small(1, 1);
        TestEvents.Work(1).Dispose();
        Assert.Equal(3, Names(recorder).Length);
    }

    [Fact]
    public void A_span_that_is_held_back_has_neither_begin_nor_end()
    {
        using FlightRecorder recorder = Start();
        recorder.Limit("Test:Work*", mostPerSecond: 1);
        ulong[] ids = new ulong[10];
        for (int i = 0; i < ids.Length; i++)
        {
            using TraceSpan span = TestEvents.Work(i);
            ids[i] = span.Id;
        }

        // The clock may have turned to another second on the way.
        int kept = ids.Count(id => id != 0);
        Assert.InRange(kept, 1, 2);
        Assert.Equal(10 - kept, Suppressed(recorder, "Test:Work_begin"));
        string[] names = Names(recorder);
        Assert.Equal(kept, names.Count(name => name == "Test:Work_begin"));
        Assert.Equal(kept, names.Count(name => name == "Test:Work_end"));
    }

    [Fact]
    public void A_throttle_goes_on_when_another_recorder_starts()
    {
        using FlightRecorder recorder = Start();
        recorder.Limit("Type:Dates", mostPerSecond: 1);
        long seconds = Environment.TickCount64 / 1_000;
        for (int i = 0; i < 8; i++)
        {
            using FlightRecorder other = FlightRecorder.Start(_directory.Recorder() with { BindAllProviders = false });
            TypeEvents.Dates(default, default, default);
        }

        seconds = (Environment.TickCount64 / 1_000) - seconds;
        Assert.InRange(Names(recorder).Length, 1, 1 + seconds);
    }

    [Fact]
    public void A_declared_sample_holds_from_the_first_call()
    {
        using FlightRecorder recorder = Start();
        for (int i = 0; i < 100; i++)
        {
            TypeEvents.Rare(i).Dispose();
        }

        Assert.Equal(100, Suppressed(recorder, "Type:Rare_begin"));
        recorder.Limit("Type:Rare*", oneIn: 1);
        TypeEvents.Rare(1).Dispose();
        Assert.Equal(["Type:Rare_begin", "Type:Rare_end"], Names(recorder));
    }

    [Fact]
    public void The_trace_tells_the_limits_in_force_and_what_they_held_back()
    {
        using FlightRecorder recorder = Start();
        recorder.Limit("Test:Small", mostPerSecond: 3, oneIn: 2);
        recorder.Limit("Type:Timed", threshold: TimeSpan.FromDays(1));
        for (int i = 0; i < 100; i++)
        {
            TestEvents.Small(i, i);
        }

        TypeEvents.Timed(1, "", [], null).Dispose();
        TraceInfo trace = Read(recorder).Traces[0];
        long Number(string name, string what) =>
            trace.Environment[$"ringtrace_event_{trace.EventClasses.Single(item => item.Name == name).Id}_{what}"].Number;
        Assert.Equal(3, Number("Test:Small", "most_per_second"));
        Assert.Equal(2, Number("Test:Small", "one_in"));
        Assert.InRange(Number("Test:Small", "suppressed"), 100 - 6, 97);
        Assert.Equal(86_400_000_000_000, Number("Type:Timed", "threshold_ns"));
        Assert.Equal(1, Number("Type:Timed", "suppressed"));
    }

    [Fact]
    public void Categories_choose_events_now_and_later()
    {
        using FlightRecorder recorder = Start();
        Assert.Equal(TypeEvents.Provider.Events.Count, recorder.Disable("*", category: "types"));
        Assert.True(TestEvents.Provider.Events[0].IsEnabled);
        Assert.Equal(1, recorder.Enable("Type:Dates", category: "t*"));
        Assert.Equal(0, recorder.Enable("*", category: "other"));
        Assert.Equal(0, recorder.Limit("*", oneIn: 5, category: "late"));
        TraceProvider late = new("Late");
        EventSite site = late.AddEvent(new EventSchema("Late", "E", TraceLevel.Info, EventKind.Instant, []) { Category = "late" });
        late.Register();
        Assert.Equal(5, recorder.Statistics().Events.Single(item => item.Name == "Late:E").Limits.OneIn);
        Assert.True(site.IsEnabled);
    }

    [Fact]
    public void Two_recorders_share_an_event_by_the_laxest_limits()
    {
        using FlightRecorder strict = Start();
        strict.Limit("Test:Small", oneIn: 1_000_000_000);
        TestEvents.Small(1, 1);
        using (FlightRecorder lax = Start())
        {
            TestEvents.Small(2, 2);
            Assert.Single(Names(lax));
            Assert.Equal(0, Suppressed(lax, "Test:Small"));
        }

        TestEvents.Small(3, 3);
        Assert.Single(Names(strict));
        Assert.Equal(2, Suppressed(strict, "Test:Small"));
    }

    [Fact]
    public void Limits_that_change_under_way_lose_nothing_that_is_not_counted()
    {
        const int Threads = 4, Calls = 20_000;
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder() with { MemoryBytes = 16 << 20 });
        int running = Threads;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            for (int i = 0; i < Calls; i++)
            {
                TestEvents.Small(thread, i);
            }

            Interlocked.Decrement(ref running);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        while (Volatile.Read(ref running) > 0)
        {
            recorder.Limit("Test:Small", oneIn: 2);
            recorder.Limit("Test:Small", oneIn: 1);
        }

        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(Threads * Calls, Names(recorder).Length + Suppressed(recorder, "Test:Small"));
    }

    [Fact]
    public void Negative_limits_are_refused()
    {
        using FlightRecorder recorder = Start();
        Assert.Throws<ArgumentOutOfRangeException>(() => recorder.Limit("*", threshold: TimeSpan.FromTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => recorder.Limit("*", mostPerSecond: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => recorder.Limit("*", oneIn: -1));
    }

    [Fact]
    public void Switching_for_ever_keeps_no_more_than_what_has_an_effect()
    {
        using FlightRecorder recorder = Start();
        for (int i = 0; i < 1_000; i++)
        {
            recorder.Enable("Test:*", (TraceLevel)(i % 5));
            recorder.Disable("Test:*");
            recorder.Limit("Test:*", oneIn: i + 1);
            recorder.Limit("Test:*", mostPerSecond: i);
        }

        Assert.InRange(recorder.Bindings!.Changes, 1, 4);
    }

    private FlightRecorder Start() => FlightRecorder.Start(_directory.Recorder());

    private TraceReader Read(FlightRecorder recorder)
    {
        string path = _directory[$"trace{_traces++}"];
        recorder.Snapshot(path);
        Assert.Empty(Babeltrace.Read(path).Errors);
        return TraceReader.Open(path);
    }

    private string[] Names(FlightRecorder recorder)
    {
        List<string> names = [];
        foreach (EventView view in Read(recorder).Events())
        {
            names.Add(view.Name);
        }

        return [.. names];
    }

    private static long Suppressed(FlightRecorder recorder, string name) =>
        recorder.Statistics().Events.Single(item => item.Name == name).Suppressed;
}
