namespace RingTrace;

/// <summary>
/// The events of one provider class. Generated code makes one per class when its assembly is loaded; every
/// running recorder is told of it. Thread-safe.
/// </summary>
public sealed class TraceProvider
{
    private readonly List<EventSite> _events = [];

    /// <summary>For generated code: a provider without events yet; <see cref="Register"/> makes it known.</summary>
    /// <param name="name">The name in every trace.</param>
    public TraceProvider(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    /// <summary>The name in every trace.</summary>
    public string Name { get; }

    /// <summary>The channel that its records go into, where a recorder has one of this name; else its first.</summary>
    public string? Channel { get; init; }

    /// <summary>The events, in the order of their declaration.</summary>
    public IReadOnlyList<EventSite> Events => _events;

    /// <summary>For generated code: adds an event. Only before <see cref="Register"/>.</summary>
    /// <param name="schema">Its provider is this one.</param>
    public EventSite AddEvent(EventSchema schema)
    {
        EventSite site = new(schema);
        _events.Add(site);
        return site;
    }

    /// <summary>For generated code: makes the provider known to all recorders, now and later.</summary>
    public TraceProvider Register()
    {
        TraceProviders.Add(this);
        return this;
    }
}
