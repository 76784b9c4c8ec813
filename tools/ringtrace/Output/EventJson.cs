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
    private const long NanosecondsPerTick = 100;

    private readonly Stream _stream;
    private readonly Utf8JsonWriter _json;

    /// <summary>Writes to a stream that is disposed with this.</summary>
    public EventJson(Stream stream)
    {
        _stream = stream;
        _json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public void Write(in EventView item)
    {
        _json.WriteStartObject();
        _json.WriteString("time"u8, Time(item.Timestamp));
        _json.WriteNumber("cpu"u8, item.Cpu);
        _json.WriteNumber("tid"u8, item.ThreadId);
        _json.WriteString("event"u8, item.Name);
        _json.WriteStartObject("fields"u8);
        FieldsView fields = item.Fields;
        for (int i = 0; i < fields.Count; i++)
        {
            if (!item.EventClass.Fields[i].IsHidden)
            {
                _json.WritePropertyName(fields.GetName(i));
                WriteValue(fields, i);
            }
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _stream.WriteByte((byte)'\n');
    }

    public void Dispose()
    {
        _json.Dispose();
        _stream.Dispose();
    }

    private void WriteValue(in FieldsView fields, int ordinal)
    {
        switch (fields.GetClass(ordinal))
        {
            case IntegerClass { IsSigned: true }:
                _json.WriteNumberValue(fields.GetInt64(ordinal));
                break;
            case IntegerClass:
                _json.WriteNumberValue(fields.GetUInt64(ordinal));
                break;
            case FloatClass when double.IsFinite(fields.GetDouble(ordinal)):
                _json.WriteNumberValue(fields.GetDouble(ordinal));
                break;
            default:
                _json.WriteStringValue(fields.GetString(ordinal));
                break;
        }
    }

    private static string Time(long timestamp)
    {
        long ticks = Math.DivRem(timestamp, NanosecondsPerTick, out long rest);
        if (rest < 0)
        {
            (ticks, rest) = (ticks - 1, rest + NanosecondsPerTick);
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"{DateTime.UnixEpoch.AddTicks(ticks):yyyy-MM-ddTHH:mm:ss.fffffff}{rest:00}Z");
    }
}
