using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using RingTrace.Formats;
using RingTrace.Tool.Output;

namespace RingTrace.Tool.Slow;

/// <summary>An event's fields, kept beyond the event.</summary>
/// <param name="Text">As people read them; empty when they are wanted as JSON.</param>
/// <param name="Json">As an object; null when they are wanted as text.</param>
internal sealed record CapturedFields(string Text, JsonElement? Json)
{
    public static CapturedFields None { get; } = new("", null);

    public static CapturedFields Of(in EventView item, bool json)
    {
        if (!json)
        {
            StringBuilder text = new();
            item.WriteTo(text);
            return new CapturedFields(text.ToString(), null);
        }

        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter writer = new(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            JsonFields.Write(writer, item);
        }

        using JsonDocument document = JsonDocument.Parse(bytes.WrittenMemory);
        return new CapturedFields("", document.RootElement.Clone());
    }

    /// <summary>As a text, in whichever form.</summary>
    public override string ToString() => Json?.GetRawText() ?? Text;
}
