namespace RingTrace.Generators;

/// <summary>
/// All that the text of a provider class depends on, and nothing else: no symbol, no place in the source.
/// </summary>
/// <param name="Namespace">Empty for the global one.</param>
/// <param name="Containers">The heads of the types around the class and its own, from the outside.</param>
/// <param name="FullName">The class with <c>global::</c>, as other code names it.</param>
/// <param name="HintName">The name of the generated file.</param>
/// <param name="ProviderName">The name in every trace.</param>
/// <param name="HasProviderProperty">False when the class has a member of that name already.</param>
/// <param name="IsVisible">Whether the rest of the assembly can name the class, so that it can be registered.</param>
/// <param name="IsRefused">True when no event of the class can work, and every method gets a harmless body.</param>
/// <param name="Methods">In the order of their declaration.</param>
internal sealed record ProviderModel(
    string Namespace,
    EquatableArray<string> Containers,
    string FullName,
    string HintName,
    string ProviderName,
    bool HasProviderProperty,
    bool IsVisible,
    bool IsRefused,
    EquatableArray<MethodModel> Methods)
{
    public bool IsRegistered => HasProviderProperty && IsVisible && !IsRefused;
}

/// <summary>What the body of a method does.</summary>
internal enum BodyKind
{
    /// <summary>Nothing: the method has been diagnosed, and a body saves its user a second error.</summary>
    Harmless,

    /// <summary>Records an event.</summary>
    Event,

    /// <summary>Records the begin of a span and returns what records its end.</summary>
    Span,
}

/// <summary>One method to be written.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Modifiers">As the user wrote them: both halves of a partial method must agree.</param>
/// <param name="ReturnType">With <c>global::</c>.</param>
/// <param name="Identifier">The method's name with its type parameters, escaped where it is a keyword.</param>
/// <param name="EventName">The event's or span's name in the trace.</param>
/// <param name="Level">The value of <c>TraceLevel</c>.</param>
/// <param name="IsInlined">False when the user has put a <c>MethodImpl</c> attribute of his own.</param>
/// <param name="Parameters">The fields.</param>
internal sealed record MethodModel(
    BodyKind Kind,
    string Modifiers,
    string ReturnType,
    string Identifier,
    string EventName,
    int Level,
    bool IsInlined,
    EquatableArray<ParameterModel> Parameters);

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
}
