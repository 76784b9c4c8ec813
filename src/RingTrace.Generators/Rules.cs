using Microsoft.CodeAnalysis;

namespace RingTrace.Generators;

/// <summary>What can be wrong with a provider. Each rule has a page of its id in docs/rules.</summary>
internal static class Rules
{
    public static readonly DiagnosticDescriptor ProviderShape = Rule(
        "RT0001", "A trace provider must be a static partial class", "'{0}' must be {1}");

    public static readonly DiagnosticDescriptor MethodShape = Rule(
        "RT0002", "A trace event must be a static partial method without a body", "'{0}' must be {1}");

    public static readonly DiagnosticDescriptor ReturnType = Rule(
        "RT0003", "A trace event returns void, a trace span TraceSpan", "'{0}' must return '{1}'");

    public static readonly DiagnosticDescriptor FieldType = Rule(
        "RT0004", "A parameter's type cannot be recorded",
        "Parameter '{0}' has type '{1}', which cannot be recorded: pass numbers, bool, char, enums, Guid, strings, "
        + "byte[], or read-only spans of char or byte");

    public static readonly DiagnosticDescriptor ParameterModifier = Rule(
        "RT0005", "A parameter of a trace event is passed by value",
        "Parameter '{0}' is '{1}': an event only reads its fields");

    public static readonly DiagnosticDescriptor DuplicateEvent = Rule(
        "RT0006", "Two trace events have the same name",
        "Provider '{0}' already has an event named '{1}': set Name to tell them apart");

    public static readonly DiagnosticDescriptor ProviderName = Rule(
        "RT0007", "A trace provider's name is not valid",
        "'{0}' is not a provider name: 1 to 64 of the ASCII letters, digits, '_', '-' and '.'");

    public static readonly DiagnosticDescriptor EventName = Rule(
        "RT0008", "A trace event's name is not valid",
        "'{0}' is not an event name: at most 64 of the ASCII letters, digits and '_', and no digit first");

    public static readonly DiagnosticDescriptor Generic = Rule(
        "RT0009", "Trace providers and events cannot be generic",
        "'{0}' is generic: an event has one schema, not one for each type argument");

    public static readonly DiagnosticDescriptor DuplicateProvider = Rule(
        "RT0010", "Two trace providers have the same name", "The provider name '{0}' is already taken by '{1}'");

    public static readonly DiagnosticDescriptor ProviderVisibility = Rule(
        "RT0011", "A trace provider must be visible to its assembly",
        "'{0}' cannot be registered: it and the types around it must be internal or public");

    public static readonly DiagnosticDescriptor OutsideProvider = Rule(
        "RT0012", "A trace event must stand in a trace provider",
        "'{0}' stands in '{1}', which is not a [TraceProvider]");

    public static readonly DiagnosticDescriptor ProviderMember = Rule(
        "RT0013", "The name Provider is taken",
        "'{0}' must not declare 'Provider': the property of this name is generated");

    public static readonly DiagnosticDescriptor TooLarge = Rule(
        "RT0014", "A trace event is too large", "'{0}' may need {1} bytes: the limit is {2}");

    public static readonly DiagnosticDescriptor FieldName = Rule(
        "RT0015", "A field's name is not valid",
        "'{0}' is not a field name: at most 64 of the ASCII letters, digits and '_', and not 'span' in a span");

    public static readonly DiagnosticDescriptor EventAndSpan = Rule(
        "RT0016", "A method is a trace event or a trace span, not both", "'{0}' has both [TraceEvent] and [TraceSpan]");

    private static DiagnosticDescriptor Rule(string id, string title, string message) => new(
        id, title, message, "RingTrace", DiagnosticSeverity.Error, isEnabledByDefault: true,
        helpLinkUri: "docs/rules/" + id + ".md");
}
