using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace RingTrace;

/// <summary>JSON that lies in shared memory or in a trace: anybody may have written it.</summary>
internal static class JsonText
{
    /// <returns>Null when it is not such a value.</returns>
    public static T? Read<T>(ReadOnlySpan<byte> utf8, JsonTypeInfo<T> type) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(utf8, type);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NotSupportedException or FormatException)
        {
            // InvalidOperationException: half a surrogate pair, escaped.
            return null;
        }
    }
}
