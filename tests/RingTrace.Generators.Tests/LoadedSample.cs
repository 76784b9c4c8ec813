using System.Reflection;

namespace RingTrace.Generators.Tests;

/// <summary>The assembly of a sample, and what its providers say of themselves.</summary>
internal sealed class LoadedSample(Assembly assembly)
{
    public Assembly Assembly { get; } = assembly;

    public Type Type(string name) => Assembly.GetType(name, throwOnError: true)!;

    public TraceProvider Provider(string type) => (TraceProvider)Type(type)
        .GetProperty("Provider", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;

    /// <summary>A schema in one line: <c>Info Instant OrderPlaced(id:Int64?, items:Int32[], city:Text)</c>.</summary>
    public string[] Schemas(string type) =>
        [.. Provider(type).Events.Select(site => Describe(site.Schema))];

    /// <summary>The fields of an event's packed struct in the order of their bytes: <c>_id:Int64@0</c>.</summary>
    public Type? Payload(string type, string eventName) => Type(type)
        .GetNestedType("__Sites", BindingFlags.NonPublic)!
        .GetNestedType("Payload_" + eventName, BindingFlags.NonPublic);

    public object? Call(string type, string method, params object?[] arguments) =>
        Type(type).GetMethod(method)!.Invoke(null, arguments);

    private static string Describe(EventSchema schema) =>
        $"{schema.Level} {schema.Kind} {schema.Name}("
        + string.Join(", ", schema.Fields.Select(field => field.Name + ":" + field.Type + ShapeOf(field))) + ")";

    private static string ShapeOf(EventField field) =>
        field.Shape switch { FieldShape.Nullable => "?", FieldShape.Array => "[]", _ => "" };
}
