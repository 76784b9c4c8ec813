using System.Text.Json;
using System.Text.Json.Serialization;

namespace RingTrace;

/// <summary>An event's schema as it lies in the region: one JSON object in UTF-8.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EventSchema))]
internal sealed partial class SchemaText : JsonSerializerContext
{
    public static byte[] Write(EventSchema schema) => JsonSerializer.SerializeToUtf8Bytes(schema, Default.EventSchema);
}
