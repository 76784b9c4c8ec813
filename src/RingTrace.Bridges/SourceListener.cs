using System.Diagnostics.Tracing;

namespace RingTrace.Bridges;

/// <summary>Listens to one event source, which may not be there yet.</summary>
internal sealed class SourceListener : EventListener
{
    // The base class's constructor tells of sources before these are set: such a source is found by the search after it.
    private readonly Action<EventSource, EventListener>? _enable;
    private readonly Action<EventWrittenEventArgs>? _handle;
    private readonly BridgeCalls? _calls;
    private volatile string? _source;

    /// <param name="source">The source's name.</param>
    /// <param name="enable">Enables what is wanted of it.</param>
    /// <param name="handle">Takes its events.</param>
    /// <param name="calls">The way into the bridge.</param>
    public SourceListener(
        string source, Action<EventSource, EventListener> enable, Action<EventWrittenEventArgs> handle, BridgeCalls calls)
    {
        _enable = enable;
        _handle = handle;
        _calls = calls;
        _source = source;
        foreach (EventSource there in EventSource.GetSources())
        {
            OnEventSourceCreated(there);
        }
    }

    /// <summary>The field of that name; null when this version of the event has none.</summary>
    public static object? Field(EventWrittenEventArgs heard, string name) =>
        heard.PayloadNames?.IndexOf(name) is >= 0 and int at ? heard.Payload![at] : null;

    /// <summary>The same as a number; 0 when there is none.</summary>
    public static long Number(EventWrittenEventArgs heard, string name) =>
        Field(heard, name) is IConvertible value ? value.ToInt64(null) : 0;

    /// <summary>The same as a text; empty when there is none.</summary>
    public static string Text(EventWrittenEventArgs heard, string name) => Field(heard, name) as string ?? "";

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == _source)
        {
            _enable!(eventSource, this);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // Every listener also hears what sources say about their own errors, asked or not.
        if (eventData.EventId > 0 && eventData.EventSource.Name == _source)
        {
            _calls!.Run(_handle!, eventData);
        }
    }
}
