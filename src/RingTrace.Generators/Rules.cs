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
        "RT0003", "A trace event returns void, a trace span TraceSpan or TimedSpan", "'{0}' must return {1}");

    public static readonly DiagnosticDescriptor FieldType = Rule(
        "RT0004", "A parameter's type cannot be recorded",
        "Parameter '{0}' has type '{1}', which cannot be recorded: pass numbers, bool, char, enums, Guid, dates and times, each "
        + "also nullable, strings, IPAddress, or arrays and spans of numbers");

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
        "'{0}' is not a field name: at most 64 of the ASCII letters, digits and '_', not 'span' or 'duration' in a span, "
        + "not 'Bool', 'Complex', 'Imaginary' or '__Sites'");

    public static readonly DiagnosticDescriptor EventAndSpan = Rule(
        "RT0016", "A method is a trace event or a trace span, not both", "'{0}' has both [TraceEvent] and [TraceSpan]");

    public static readonly DiagnosticDescriptor TooManyFields = Rule(
        "RT0017", "A trace event has too many fields", "'{0}' has {1} fields: the limit is {2}");

    public static readonly DiagnosticDescriptor Cap = Rule(
        "RT0018", "A field's cap is not valid", "Parameter '{0}' {1}");

    public static readonly DiagnosticDescriptor Limit = Rule(
        "RT0019", "A limit of a trace event is not valid", "'{0}': {1}");

    public static readonly DiagnosticDescriptor ThresholdOfTwo = Rule(
        "RT0020", "A threshold needs a timed span",
        "'{0}' records its begin before it is known how long it lasts: return TimedSpan, which is one record at the end");

    public static readonly DiagnosticDescriptor TimedTooLarge = Rule(
        "RT0021", "The fields of a timed span are too large", "'{0}' needs at least {1} bytes for its fields: the limit is {2}");

    public static readonly DiagnosticDescriptor FieldCollision = Rule(
        "RT0022", "A field has the name of another's length",
        "'{0}' is what a trace calls a length of '{1}': rename one of them");

    public static readonly DiagnosticDescriptor Category = Rule(
        "RT0023", "A category's name is not valid",
        "'{0}' is not a category: 1 to 64 of the ASCII letters, digits, '_', '-' and '.'");

    private static DiagnosticDescriptor Rule(string id, string title, string message) => new(
        id, title, message, "RingTrace", DiagnosticSeverity.Error, isEnabledByDefault: true,
        helpLinkUri: "docs/rules/" + id + ".md");
}
