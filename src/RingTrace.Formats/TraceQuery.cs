using System.IO.Enumeration;

namespace RingTrace.Formats;

/// <summary>Whether an event is wanted.</summary>
/// <param name="item">The event; valid only during the call.</param>
public delegate bool EventPredicate(in EventView item);

/// <summary>Which events to read. What is not set does not restrict.</summary>
public sealed record TraceQuery
{
    /// <summary>The earliest time, in nanoseconds since 1970-01-01 UTC. Packets that end before are not read.</summary>
    public long? From { get; init; }

    /// <summary>The latest time, inclusive, likewise. Packets that begin after are not read.</summary>
    public long? To { get; init; }

    /// <summary>
    /// Patterns separated by commas, of which the event's whole name must match one: <c>*</c> any text, <c>?</c> one
    /// character.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>Patterns likewise for <see cref="EventClass.Category"/>. Events without one match none.</summary>
    public string? Category { get; init; }

    /// <summary>The least important level that is wanted. Events without a level are always wanted.</summary>
    public TraceLevel? MinimumLevel { get; init; }

    /// <summary>The thread that recorded it, as the system numbers threads.</summary>
    public long? ThreadId { get; init; }

    /// <summary>What else must hold: asked, on the thread that enumerates, for each event that the rest wants.</summary>
    public EventPredicate? Where { get; init; }

    internal bool Wants(EventClass item) =>
        Matches(Name, item.Name) && Matches(Category, item.Category)
        && (MinimumLevel is null || item.Level is null || item.Level <= MinimumLevel);

    /// <summary>Whether the query restricts time at all.</summary>
    internal bool IsWindow => From is not null || To is not null;

    /// <summary>Whether it wants anything between two times, in ticks.</summary>
    internal bool Wants(ClockInfo clock, ulong first, ulong last) =>
        !(clock.ToNanoseconds(last) < From) && !(clock.ToNanoseconds(first) > To);

    internal bool Wants(long timestamp) => !(timestamp < From) && !(timestamp > To);

    private static bool Matches(string? patterns, string? text)
    {
        if (patterns is null)
        {
            return true;
        }

        foreach (Range range in patterns.AsSpan().Split(','))
        {
            if (text is not null
                && FileSystemName.MatchesSimpleExpression(patterns.AsSpan(range).Trim(), text, ignoreCase: false))
            {
                return true;
            }
        }

        return false;
    }
}
