namespace RingTrace.Tests.Events;

internal static class ProviderExtensions
{
    /// <summary>An event as short as a test wants it.</summary>
    public static EventSite AddEvent(
        this TraceProvider provider, string name, TraceLevel level, EventKind kind, params EventField[] fields) =>
        provider.AddEvent(new EventSchema(provider.Name, name, level, kind, fields));
}
