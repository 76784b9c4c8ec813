namespace RingTrace.Generators;

/// <summary>What the body of a method does.</summary>
internal enum BodyKind
{
    /// <summary>Nothing: the method has been diagnosed, and a body saves its user a second error.</summary>
    Harmless,

    /// <summary>Records an event.</summary>
    Event,

    /// <summary>Records the begin of a span and returns what records its end.</summary>
    Span,

    /// <summary>Returns what records a whole span at its end.</summary>
    TimedSpan,
}

/// <summary>One method to be written.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Modifiers">As the user wrote them: both halves of a partial method must agree.</param>
/// <param name="ReturnType">With <c>global::</c>.</param>
/// <param name="Identifier">The method's name with its type parameters, escaped where it is a keyword.</param>
/// <param name="Event">What its attribute and its doc comment say.</param>
/// <param name="IsInlined">False when the user has put a <c>MethodImpl</c> attribute of his own.</param>
/// <param name="Parameters">The fields.</param>
internal sealed record MethodModel(
    BodyKind Kind,
    string Modifiers,
    string ReturnType,
    string Identifier,
    EventModel Event,
    bool IsInlined,
    EquatableArray<ParameterModel> Parameters);

/// <summary>What the schema of an event says beside its fields.</summary>
/// <param name="Name">The event's or span's name in the trace.</param>
/// <param name="Level">The value of <c>TraceLevel</c>.</param>
/// <param name="Category">Null for none.</param>
/// <param name="Description">Null without a doc comment.</param>
/// <param name="Limits">What is kept of its records.</param>
internal sealed record EventModel(string Name, int Level, string? Category, string? Description, LimitsModel Limits);

/// <summary>Which records of an event are kept; 0 for all.</summary>
/// <param name="Threshold">Microseconds.</param>
/// <param name="MostPerSecond">Records.</param>
/// <param name="OneIn">Calls.</param>
internal sealed record LimitsModel(long Threshold, int MostPerSecond, int OneIn);

/// <summary>One parameter, which is one field of the event.</summary>
/// <param name="Name">As the schema spells it, without an escape.</param>
/// <param name="Modifiers">With a blank behind, or empty.</param>
/// <param name="Type">With <c>global::</c>.</param>
/// <param name="Field">How it is recorded.</param>
/// <param name="IsOut">A harmless body has to assign it.</param>
internal sealed record ParameterModel(string Name, string Modifiers, string Type, FieldKind Field, bool IsOut)
{
    /// <summary>The name as code.</summary>
    public string Identifier { get; } = Code.Identifier(Name);

    /// <summary>The most bytes of a value of variable size; 0 for others.</summary>
    public int Cap { get; init; } = Field.DefaultCap;

    /// <summary>Whether it is a span that must not get out: what takes it in turn has to promise the same.</summary>
    public bool IsScoped { get; init; }

    /// <summary>Null without a doc comment.</summary>
    public string? Description { get; init; }

    /// <summary>The most bytes that the field takes in a record.</summary>
    public int MaximalSize => Field.FixedSize + Field.Overhead + Cap;
}
