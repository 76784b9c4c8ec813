namespace RingTrace;

/// <summary>
/// Marks a <c>static partial</c> class whose methods are trace events. The generator writes their bodies.
/// </summary>
/// <param name="name">The provider's name in every trace: letters, digits, <c>_ - .</c>, 1 to 64 of them.</param>
/// <example><code>
/// [TraceProvider("Shop")]
/// public static partial class ShopEvents
/// {
///     [TraceEvent] public static partial void OrderPlaced(long id, int items, string city);
///     [TraceSpan] public static partial TraceSpan Checkout(long orderId);
/// }
/// </code></example>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class TraceProviderAttribute(string name) : Attribute
{
    /// <summary>The provider's name in every trace.</summary>
    public string Name { get; } = name;

    /// <summary>What its events belong to, unless they say so themselves: spelled like a provider's name.</summary>
    public string? Category { get; set; }

    /// <summary>The channel that its records go into, where a recorder has one of this name; else its first.</summary>
    public string? Channel { get; set; }
}

/// <summary>
/// Marks a <c>public static partial void</c> method as an event; its parameters are the event's fields.
/// </summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class TraceEventAttribute : Attribute
{
    /// <summary>The event's name; the method's name when not set.</summary>
    public string? Name { get; set; }

    /// <summary>How important the event is. Default <see cref="TraceLevel.Info"/>.</summary>
    public TraceLevel Level { get; set; } = TraceLevel.Info;

    /// <summary>What the event belongs to, across providers; the provider's category when not set.</summary>
    public string? Category { get; set; }

    /// <summary>At most so many records in each second of the clock; 0 for all.</summary>
    public int MostPerSecond { get; set; }

    /// <summary>One of so many calls is recorded, by chance; 0 and 1 for all.</summary>
    public int OneIn { get; set; }
}

/// <summary>
/// Marks a <c>public static partial</c> method as a span. One that returns <see cref="TraceSpan"/> records the begin
/// with the method's parameters, and the end when what it returned is disposed. One that returns
/// <see cref="TimedSpan"/> records both as one, at the end.
/// </summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class TraceSpanAttribute : Attribute
{
    /// <summary>The span's name; the method's name when not set.</summary>
    public string? Name { get; set; }

    /// <summary>How important the span is. Default <see cref="TraceLevel.Info"/>.</summary>
    public TraceLevel Level { get; set; } = TraceLevel.Info;

    /// <summary>What the span belongs to, across providers; the provider's category when not set.</summary>
    public string? Category { get; set; }

    /// <summary>At most so many spans in each second of the clock; 0 for all.</summary>
    public int MostPerSecond { get; set; }

    /// <summary>One of so many spans is recorded, by chance; 0 and 1 for all.</summary>
    public int OneIn { get; set; }

    /// <summary>Spans that last less are not recorded; 0 for all. Only for a method that returns <see cref="TimedSpan"/>.</summary>
    public long ThresholdMicroseconds { get; set; }
}

/// <summary>
/// The most bytes of a field that are kept: of a text its UTF-8, of an array its elements in whole. Without it, 1 KiB of a
/// text and 16 KiB of an array. What is cut says so in the trace.
/// </summary>
/// <param name="bytes">1 to 65,536; for a text at least 3, the size of the mark.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class CapAttribute(int bytes) : Attribute
{
    /// <summary>The most bytes that are kept.</summary>
    public int Bytes { get; } = bytes;
}

/// <summary>How important an event is; the smaller the value, the more important.</summary>
public enum TraceLevel
{
    /// <summary>The service cannot go on.</summary>
    Critical = 0,

    /// <summary>An operation failed.</summary>
    Error = 1,

    /// <summary>Something is odd, the operation went on.</summary>
    Warning = 2,

    /// <summary>What the service does, in its own words.</summary>
    Info = 3,

    /// <summary>Detail for who reads the code beside the trace.</summary>
    Debug = 4,
}
