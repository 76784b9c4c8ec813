using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using Xunit;

namespace RingTrace.Bridges.Tests;

/// <summary>The bridges in this process: one after the other, for each hears the whole process.</summary>
public sealed class BridgeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("ringtrace-bridges-").FullName;
    private readonly ConcurrentQueue<string> _warnings = [];
    private readonly FlightRecorder _recorder;
    private int _snapshots;

    public BridgeTests() => _recorder = FlightRecorder.Start(new FlightRecorderOptions
    {
        Name = "test",
        Directory = Path.Combine(_folder, "rings"),
        MemoryBytes = 8 << 20,
        Shares = [new("default", 8), .. AllBridges.Shares],
        OnWarning = _warnings.Enqueue,
    });

    [Fact]
    public void Memory_is_shared_by_parts_and_each_bridge_has_its_channel()
    {
        Dictionary<string, long> capacity = _recorder.Statistics().Rings.Where(ring => ring.Cpu == _recorder.Statistics().Rings[0].Cpu)
            .ToDictionary(ring => ring.Channel, ring => ring.Capacity);
        Assert.Equal(capacity["default"], 2 * capacity["activity"]);
        Assert.Equal(capacity["activity"], 2 * capacity["log"]);
        Assert.Equal(capacity["log"], capacity["runtime"]);
        Assert.InRange(_recorder.Statistics().Rings.Sum(ring => ring.Capacity), 4 << 20, 8 << 20);
    }

    [Fact]
    public void Runtime_events_keep_the_time_when_they_happened()
    {
        using RuntimeBridge bridge = RuntimeBridge.Start(_recorder);
        DateTime before = DateTime.UtcNow;
        GC.Collect(1);
        Assert.Throws<TimeoutException>((Action)(static () => throw new TimeoutException("a text of its own")));
        DateTime after = DateTime.UtcNow;

        List<string> trace = Until(lines => lines.Exists(line => line.Contains("a text of its own", StringComparison.Ordinal))
            && lines.Exists(line => line.StartsWith("runtime Runtime:GcEnd", StringComparison.Ordinal)));
        string thrown = trace.Find(line => line.Contains("a text of its own", StringComparison.Ordinal))!;
        Assert.StartsWith("runtime Runtime:ExceptionThrown", thrown, StringComparison.Ordinal);
        Assert.Contains("System.TimeoutException", thrown, StringComparison.Ordinal);
        Assert.Contains(trace, line => line.StartsWith("runtime Runtime:GcStart", StringComparison.Ordinal)
            && line.Contains("generation = 1", StringComparison.Ordinal) && line.Contains("Induced", StringComparison.Ordinal));
        Assert.InRange(TimeOf(thrown), before.AddMilliseconds(-1), after.AddMilliseconds(1));
        Assert.Equal(0, bridge.Failures);
    }

    [Fact]
    public void A_wait_for_a_lock_is_recorded_with_its_length()
    {
        using RuntimeBridge bridge = RuntimeBridge.Start(_recorder);
        object gate = new();
        using ManualResetEventSlim held = new();
        Thread waiter = Thread.CurrentThread;
        bool isAsking = false;
        Thread holder = new(() =>
        {
            lock (gate)
            {
                held.Set();
                SpinWait.SpinUntil(() => Volatile.Read(ref isAsking) && waiter.ThreadState.HasFlag(System.Threading.ThreadState.WaitSleepJoin));
            }
        });
        holder.Start();
        held.Wait(TestContext.Current.CancellationToken);
        Volatile.Write(ref isAsking, true);
        lock (gate)
        {
            holder.Join();
        }

        Until(lines => lines.Exists(line => line.StartsWith("runtime Runtime:Contention", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_the_runtimes_dispatching_thread_throws_is_not_recorded_also_when_it_has_become_another()
    {
        using RuntimeBridge bridge = RuntimeBridge.Start(_recorder);
        Throw("first");
        Until(lines => lines.Exists(line => line.Contains("first", StringComparison.Ordinal)));

        // The runtime dispatches anew for who comes later.
        using (SourceListener later = new(
            "Microsoft-Windows-DotNETRuntime",
            static (source, listener) => listener.EnableEvents(source, EventLevel.Error, (EventKeywords)0x8000),
            static _ => Throw("by the dispatcher"),
            new BridgeCalls("later")))
        {
            Throw("second");
            Until(lines => lines.Exists(line => line.Contains("second", StringComparison.Ordinal)));
            Throw("third");
            List<string> trace = Until(lines => lines.Exists(line => line.Contains("third", StringComparison.Ordinal)));
            Assert.DoesNotContain(trace, line => line.Contains("by the dispatcher", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void An_activity_that_nobody_makes_is_not_made_for_who_only_hears()
    {
        using ActivitySource source = new("Shop.Quiet");
        using ActivityBridge bridge = ActivityBridge.Start(_recorder, makeActivities: false);
        Assert.Null(source.StartActivity("unwanted"));
        using (Activity own = new Activity("made by the service").Start())
        {
            Assert.Null(source.StartActivity("unwanted child"));
        }

        Assert.Contains(Read(), line => line.StartsWith("activity Activity:Activity_begin", StringComparison.Ordinal)
            && Holds(line, "made by the service"));
    }

    [Fact]
    public void An_activity_is_a_span_with_its_ids_name_and_outcome()
    {
        using ActivitySource source = new("Shop.Source");
        using (ActivityBridge bridge = ActivityBridge.Start(_recorder))
        {
            using Activity outer = source.StartActivity("outer")!;
            using (Activity inner = source.StartActivity("inner")!)
            {
                inner.DisplayName = "shown as this";
                inner.SetStatus(ActivityStatusCode.Error, "out of stock");
                Assert.False(inner.Recorded);
                List<string> begun = Read();
                Assert.Contains(begun, line => line.StartsWith("activity Activity:Activity_begin", StringComparison.Ordinal)
                    && Holds(line, "Shop.Source", "inner", inner.TraceId.ToHexString(), inner.SpanId.ToHexString(), outer.SpanId.ToHexString()));
            }

            Assert.Equal(0, bridge.Failures);
        }

        List<string> trace = Read();
        Assert.Contains(trace, line => line.StartsWith("activity Activity:Stopped", StringComparison.Ordinal)
            && Holds(line, "shown as this", "Error", "out of stock"));
        Assert.Equal(2, trace.Count(line => line.StartsWith("activity Activity:Activity_begin", StringComparison.Ordinal)
            && Holds(line, "Shop.Source")));
        Assert.Contains(trace, line => line.StartsWith("activity Activity:Activity_end", StringComparison.Ordinal));
        Assert.Null(source.StartActivity("nobody listens"));
    }

    [Fact]
    public void What_goes_wrong_in_a_bridge_reaches_nobody_and_is_said_once()
    {
        _recorder.Add(BridgeEvents.Provider);
        BridgeCalls calls = new("broken");
        for (int i = 0; i < 3; i++)
        {
            calls.Run(static text => throw new InvalidOperationException(text), "no more");
        }

        Assert.Equal(3, calls.Failures);
        Assert.Single(Read(), line => line.StartsWith("runtime RingTrace.Bridges:Failed", StringComparison.Ordinal)
            && Holds(line, "broken", "System.InvalidOperationException", "no more"));
    }

    [Fact]
    public void What_a_bridge_does_is_not_heard_by_a_bridge()
    {
        BridgeCalls outer = new("outer");
        BridgeCalls inner = new("inner");
        List<string> heard = [];
        outer.Run(text =>
        {
            heard.Add(text);
            inner.Run(heard.Add, "inside");
        }, "outside");
        inner.Run(heard.Add, "afterwards");
        Assert.Equal(["outside", "afterwards"], heard);
    }

    public void Dispose()
    {
        _recorder.Dispose();
        Directory.Delete(_folder, recursive: true);
        Assert.Empty(_warnings);
    }

    private static void Throw(string message) =>
        Assert.Throws<TimeoutException>((Action)(() => throw new TimeoutException(message)));

    private static bool Holds(string line, params string[] parts) =>
        Array.TrueForAll(parts, part => line.Contains(part, StringComparison.Ordinal));

    private static DateTime TimeOf(string line)
    {
        const string begin = "at = ";
        int at = line.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return DateTime.Parse(line[at..line.IndexOf('Z', at)], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
    }

    /// <summary>The runtime tells of its events a little later.</summary>
    private List<string> Until(Predicate<List<string>> isThere)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            List<string> trace = Read();
            if (isThere(trace))
            {
                return trace;
            }

            Assert.True(waited.Elapsed < Patience, string.Join('\n', trace));
        }
    }

    private List<string> Read()
    {
        string path = Path.Combine(_folder, $"trace-{_snapshots++}");
        _recorder.Snapshot(path);
        return Trace.Read(path);
    }
}
