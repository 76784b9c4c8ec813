using System.Diagnostics.Tracing;
using System.Runtime.CompilerServices;
using RingTrace.Tests.Events;
using RingTrace.Tests.Snapshot;
using Xunit;

namespace RingTrace.Tests.Recorder;

/// <summary>Events from the places where tracers have hung: the numbers are those of docs/verification.md.</summary>
public sealed class StrangePlaceTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private sealed class Finalised
    {
        ~Finalised() => TestEvents.Small(1, 1);
    }

    private sealed class Listener : EventListener
    {
        protected override void OnEventWritten(EventWrittenEventArgs eventData) => TestEvents.Small(2, 2);

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "System.Runtime")
            {
                EnableEvents(eventSource, EventLevel.LogAlways);
            }

            TestEvents.Small(3, 3);
        }
    }

    [Fact]
    public void T29_the_first_event_of_a_thread_may_come_from_anywhere()
    {
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder());
        MakeGarbage();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using (Listener listener = new())
        {
            Thread thread = new(() => TestEvents.Small(4, 4));
            thread.Start();
            thread.Join();
        }

        ResolveEventHandler handler = (_, _) =>
        {
            TestEvents.Small(5, 5);
            return null;
        };
        AppDomain.CurrentDomain.AssemblyResolve += handler;
        Assert.Null(Type.GetType("Nobody.Knows, Nobody.Knows"));
        AppDomain.CurrentDomain.AssemblyResolve -= handler;
        recorder.Snapshot(_directory["trace"]);
        string[] lines = Babeltrace.Read(_directory["trace"]).Lines;
        Assert.All([1, 3, 4, 5], id => Assert.Contains(
            lines, line => line.Contains($"id = {id}, value = {id}", StringComparison.Ordinal)));
    }

    /// <summary>A text that another thread changes while it is recorded is some text, and the record stays whole.</summary>
    [Fact]
    public void T21_a_text_that_changes_while_it_is_recorded_leaves_the_record_whole()
    {
        using FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder());
        char[] text = new char[200];
        int stop = 0;
        Thread mutator = new(() =>
        {
            for (int i = 0; Volatile.Read(ref stop) == 0; i++)
            {
                text.AsSpan().Fill((i % 3) switch { 0 => 'a', 1 => '\u20ac', _ => '\0' });
            }
        });
        mutator.Start();
        for (int i = 0; i < 20_000; i++)
        {
            TestEvents.Texts("before", text, [7]);
        }

        Volatile.Write(ref stop, 1);
        mutator.Join();
        recorder.Snapshot(_directory["trace"]);
        (string[] lines, string errors) = Babeltrace.Read(_directory["trace"]);
        Assert.Empty(errors);
        Assert.All(lines, line => Assert.EndsWith("blob = [ [0] = 7 ] }", line.TrimEnd(), StringComparison.Ordinal));
    }

    [Fact]
    public void T49_recorders_come_and_go_while_snapshots_are_taken()
    {
        for (int round = 0; round < 30; round++)
        {
            FlightRecorder recorder = FlightRecorder.Start(_directory.Recorder());
            TestEvents.Small(round, round);
            Thread taker = new(() =>
            {
                try
                {
                    recorder.Snapshot(_directory[$"trace-{round}"]);
                }
                catch (InvalidOperationException)
                {
                    // Disposed first: said, not hung.
                }
            });
            taker.Start();
            recorder.Dispose();
            taker.Join();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void MakeGarbage()
    {
        for (int i = 0; i < 10; i++)
        {
            _ = new Finalised();
        }
    }
}
