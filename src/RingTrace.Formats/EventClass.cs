namespace RingTrace.Formats;

/// <summary>A field of an event as a trace declares it.</summary>
/// <param name="Name">The name as people see it: without the leading underscore that traces put before it.</param>
/// <param name="Class">Its type.</param>
/// <param name="IsHidden">Whether it only holds the length of a sequence that is shown itself.</param>
/// <param name="Declared">What the program declared there; null in traces of others.</param>
public sealed record TraceField(string Name, FieldClass Class, bool IsHidden, EventField? Declared);

/// <summary>One kind of event of a trace. Immutable; safe to share between threads.</summary>
public sealed class EventClass
{
    private const string BeginSuffix = "_begin";
    private const string EndSuffix = "_end";

    private readonly Dictionary<string, int> _ordinals = [];

    internal EventClass(
        string name, ulong id, int? logLevel, FieldNode? context, FieldNode? payload, EventSchema? schema = null)
    {
        Name = name;
        Id = id;
        LogLevel = logLevel;
        Context = context;
        Payload = payload;
        FlatPayload = payload is null ? null : FlatLayout.Of(payload);
        FieldNode[] nodes = payload?.Children ?? [];
        Fields = Array.ConvertAll(nodes, node => new TraceField(node.Name, node.Class, node.IsHidden, node.Declared));
        for (int i = 0; i < nodes.Length; i++)
        {
            _ordinals.TryAdd(nodes[i].Name, i);
        }

        Schema = schema;
        Category = schema?.Category;
        Kind = schema?.Kind ?? KindByName();
        SpanName = Kind switch
        {
            EventKind.SpanBegin when name.EndsWith(BeginSuffix, StringComparison.Ordinal) => name[..^BeginSuffix.Length],
            EventKind.SpanEnd when name.EndsWith(EndSuffix, StringComparison.Ordinal) => name[..^EndSuffix.Length],
            _ => name,
        };
    }

    /// <summary>The name, <c>provider:event</c> in our traces and LTTng's. Several classes may share one.</summary>
    public string Name { get; }

    /// <summary>The number that stands for it in its kind of stream.</summary>
    public ulong Id { get; }

    /// <summary>
    /// The level as the trace has it, null when it has none. LTTng's numbers: 0 emergency, 1 alert, 2 critical,
    /// 3 error, 4 warning, 5 notice, 6 info, 7 to 14 debug.
    /// </summary>
    public int? LogLevel { get; }

    /// <summary><see cref="LogLevel"/> in the recorder's terms, null when there is none.</summary>
    public TraceLevel? Level => LogLevel switch
    {
        null => null,
        <= 2 => TraceLevel.Critical,
        3 => TraceLevel.Error,
        4 => TraceLevel.Warning,
        <= 6 => TraceLevel.Info,
        _ => TraceLevel.Debug,
    };

    /// <summary>
    /// What the recorder knew about it when it was declared; null in traces of others, and of recorders that did not
    /// write it down.
    /// </summary>
    public EventSchema? Schema { get; }

    /// <summary>
    /// Instant, or a part of a span. Without a schema, <c>X_begin</c> and <c>X_end</c> whose first field is
    /// <c>span</c> are the two ends of a span.
    /// </summary>
    public EventKind Kind { get; }

    /// <summary>The span's name, <c>provider:span</c>: that of its two ends is the same. An instant's own name.</summary>
    public string SpanName { get; }

    /// <summary>The category that the program gave it; null when it has none.</summary>
    public string? Category { get; }

    /// <summary>
    /// The fields in the order of their bytes, hidden ones included; the index is the field's ordinal.
    /// </summary>
    public IReadOnlyList<TraceField> Fields { get; }

    internal FieldNode? Context { get; }

    internal FieldNode? Payload { get; }

    /// <summary>Not null when the payload needs no walk.</summary>
    internal FlatLayout? FlatPayload { get; }

    /// <summary>The ordinal of the field with this name; -1 when there is none.</summary>
    /// <param name="name">The name without the leading underscore.</param>
    public int IndexOf(string name) => _ordinals.GetValueOrDefault(name, -1);

    /// <inheritdoc/>
    public override string ToString() => Name;

    private EventKind KindByName() =>
        Fields is not [{ Name: "span", Class: IntegerClass or EnumClass }, ..] ? EventKind.Instant
        : Name.EndsWith(BeginSuffix, StringComparison.Ordinal) ? EventKind.SpanBegin
        : Name.EndsWith(EndSuffix, StringComparison.Ordinal) ? EventKind.SpanEnd
        : EventKind.Instant;
}
