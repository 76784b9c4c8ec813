using System.Globalization;

namespace RingTrace.Tool.Net.Dump;

/// <summary>Lines of UTF-8 in one buffer that is used again and again; no strings on the way.</summary>
/// <param name="stream">Where to; disposed with this.</param>
internal sealed class Utf8Output(Stream stream) : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>More than any number, time or address takes.</summary>
    private const int MostValueBytes = 64;

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _length;

    public void Add(ReadOnlySpan<byte> text)
    {
        if (text.Length > BufferBytes - _length)
        {
            WriteOut();
            if (text.Length > BufferBytes)
            {
                stream.Write(text);
                return;
            }
        }

        text.CopyTo(_buffer.AsSpan(_length));
        _length += text.Length;
    }

    /// <summary>A number, an address: what takes little room.</summary>
    public void Add<T>(T value, ReadOnlySpan<char> format = default) where T : IUtf8SpanFormattable
    {
        if (_length > BufferBytes - MostValueBytes)
        {
            WriteOut();
        }

        value.TryFormat(_buffer.AsSpan(_length), out int written, format, CultureInfo.InvariantCulture);
        _length += written;
    }

    public void Flush()
    {
        WriteOut();
        stream.Flush();
    }

    public void Dispose()
    {
        using (stream)
        {
            WriteOut();
        }
    }

    private void WriteOut()
    {
        int length = _length;
        _length = 0;
        stream.Write(_buffer, 0, length);
    }
}
