using System.Diagnostics.Tracing;
using RingTrace.Benchmarks.Measuring;

namespace RingTrace.Benchmarks.Workloads;

/// <summary>An <see cref="EventSource"/>. Who listens is the harness with a session, or a listener in this process.</summary>
internal sealed class EventSourceWorkload : Workload
{
    private readonly CountingListener? _listener;

    public EventSourceWorkload(bool listen)
        : base(new Dictionary<string, EventLoop>
        {
            [Payload.Small] = new EventLoop<SmallEvent>(),
            [Payload.Text] = new EventLoop<TextEvent>(),
            [Payload.Blob] = new EventLoop<BlobEvent>(),
        })
    {
        // Before it is found by name.
        _ = BenchSource.Log;
        _listener = listen ? new CountingListener() : null;
    }

    public override void Dispose()
    {
        _listener?.Dispose();
        base.Dispose();
    }

    private readonly struct SmallEvent : IEvent
    {
        public static void Emit(long id) => BenchSource.Log.Small(id, Value);
    }

    private readonly struct TextEvent : IEvent
    {
        public static void Emit(long id) => BenchSource.Log.Text(id, Value, Text);
    }

    private readonly struct BlobEvent : IEvent
    {
        public static void Emit(long id) => BenchSource.Log.Blob64(Blob);
    }

    /// <summary>The least that a listener in the process can do.</summary>
    private sealed class CountingListener : EventListener
    {
        private long _count;

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == BenchSource.SourceName)
            {
                EnableEvents(eventSource, EventLevel.Verbose);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData) => _count++;
    }
}
