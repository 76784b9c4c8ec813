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
}

/// <summary>
/// Marks a <c>public static partial TraceSpan</c> method as a span: calling it records the begin with the
/// method's parameters, disposing what it returns records the end.
/// </summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class TraceSpanAttribute : Attribute
{
    /// <summary>The span's name; the method's name when not set.</summary>
    public string? Name { get; set; }

    /// <summary>How important the span is. Default <see cref="TraceLevel.Info"/>.</summary>
    public TraceLevel Level { get; set; } = TraceLevel.Info;
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
