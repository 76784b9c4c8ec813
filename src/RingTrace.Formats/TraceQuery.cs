using System.IO.Enumeration;

namespace RingTrace.Formats;

/// <summary>Which events to read. What is not set does not restrict.</summary>
public sealed record TraceQuery
{
    /// <summary>The earliest time, in nanoseconds since 1970-01-01 UTC. Packets that end before are not read.</summary>
    public long? From { get; init; }

    /// <summary>The latest time, inclusive, likewise. Packets that begin after are not read.</summary>
    public long? To { get; init; }

    /// <summary>A pattern that the event's whole name must match: <c>*</c> any text, <c>?</c> one character.</summary>
    public string? Name { get; init; }

    /// <summary>The least important level that is wanted. Events without a level are always wanted.</summary>
    public TraceLevel? MinimumLevel { get; init; }

    internal bool Wants(EventClass item) =>
        (Name is null || FileSystemName.MatchesSimpleExpression(Name, item.Name, ignoreCase: false))
        && (MinimumLevel is null || item.Level is null || item.Level <= MinimumLevel);

    internal bool Wants(long timestamp) => !(timestamp < From) && !(timestamp > To);
}
