using System.Globalization;
using RingTrace.Formats;

namespace RingTrace.Tool.Output;

/// <summary>Writes events as lines: <c>[HH:MM:SS.nnnnnnnnn] (cpu) Provider:Event { fields }</c>, in local time.</summary>
/// <param name="writer">Where to; disposed with this.</param>
/// <param name="threads">Whether the thread's number comes behind the CPU's.</param>
internal sealed class EventText(TextWriter writer, bool threads) : IEventWriter
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long SecondsPerMinute = 60;
    private const long SecondsPerDay = 24 * 60 * 60;

    private long _minute = long.MinValue;
    private long _utcOffsetSeconds;

    public void Write(in EventView item)
    {
        writer.Write('[');
        WriteTime(item.Timestamp);
        writer.Write("] (");
        WriteNumber(item.Cpu);
        if (threads)
        {
            writer.Write(", ");
            WriteNumber(item.ThreadId);
        }

        writer.Write(") ");
        writer.Write(Printable.Of(item.Name));
        writer.Write(' ');
        item.WriteTo(writer);
        writer.Write('\n');
    }

    public void Flush() => writer.Flush();

    public void Dispose() => writer.Dispose();

    private void WriteTime(long timestamp)
    {
        (long seconds, long nanoseconds) = Math.DivRem(timestamp, NanosecondsPerSecond);
        if (nanoseconds < 0)
        {
            (seconds, nanoseconds) = (seconds - 1, nanoseconds + NanosecondsPerSecond);
        }

        // Local time changes its offset on whole minutes only.
        if (seconds / SecondsPerMinute != _minute)
        {
            _minute = seconds / SecondsPerMinute;
            DateTime utc = DateTime.UnixEpoch.AddSeconds(seconds);
            _utcOffsetSeconds = (long)TimeZoneInfo.Local.GetUtcOffset(utc).TotalSeconds;
        }

        long day = (((seconds + _utcOffsetSeconds) % SecondsPerDay) + SecondsPerDay) % SecondsPerDay;
        Span<char> text = stackalloc char[18];
        text.TryWrite(CultureInfo.InvariantCulture,
            $"{day / 3600:00}:{day / 60 % 60:00}:{day % 60:00}.{nanoseconds:000000000}", out int length);
        writer.Write(text[..length]);
    }

    private void WriteNumber(long number)
    {
        if (number < 0)
        {
            // The trace does not say.
            writer.Write('?');
            return;
        }

        Span<char> text = stackalloc char[20];
        number.TryFormat(text, out int length, provider: CultureInfo.InvariantCulture);
        writer.Write(text[..length]);
    }
}
