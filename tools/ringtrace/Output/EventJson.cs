using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using RingTrace.Formats;

namespace RingTrace.Tool.Output;

/// <summary>
/// Writes events as JSON, one object a line: <c>time</c> (UTC, to the nanosecond, a text because JSON numbers may be
/// rounded), <c>cpu</c> and <c>tid</c> (-1 when the trace does not say), <c>event</c>, <c>fields</c>.
/// </summary>
internal sealed class EventJson : IEventWriter
{
    private const int BufferBytes = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(2 * BufferBytes);
    private readonly Stream _stream;
    private readonly Utf8JsonWriter _json;

    /// <summary>Writes to a stream that is disposed with this.</summary>
    public EventJson(Stream stream)
    {
        _stream = stream;

        // Not onto the stream itself: each flush would go through to the file.
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public void Write(in EventView item)
    {
        _json.WriteStartObject();
        _json.WriteString("time"u8, Time(item.Timestamp));
        _json.WriteNumber("cpu"u8, item.Cpu);
        _json.WriteNumber("tid"u8, item.ThreadId);
        _json.WriteString("event"u8, item.Name);
        _json.WritePropertyName("fields"u8);
        JsonFields.Write(_json, item);
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount >= BufferBytes)
        {
            WriteOut();
        }
    }

    public void Flush()
    {
        WriteOut();
        _stream.Flush();
    }

    public void Dispose()
    {
        using (_stream)
        {
            _json.Dispose();
            WriteOut();
        }
    }

    private void WriteOut()
    {
        _stream.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }

    /// <summary>A time as the JSON of all commands has it: UTC, to the nanosecond.</summary>
    public static string Time(long timestamp) => string.Create(
        CultureInfo.InvariantCulture, $"{Instants.ToUtc(timestamp, out int rest):yyyy-MM-ddTHH:mm:ss.fffffff}{rest:00}Z");
}
