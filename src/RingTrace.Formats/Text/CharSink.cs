using System.Globalization;
using System.Text;

namespace RingTrace.Formats;

/// <summary>Collects characters in a buffer on the stack's side of a writer; no string is made on the way.</summary>
internal ref struct CharSink
{
    private readonly TextWriter? _writer;
    private readonly StringBuilder? _builder;
    private Chunk _chunk;
    private int _length;

    public CharSink(TextWriter writer) => _writer = writer;

    public CharSink(StringBuilder builder) => _builder = builder;

    public void Append(char c)
    {
        if (_length == Chunk.Size)
        {
            Flush();
        }

        _chunk[_length++] = c;
    }

    public void Append(scoped ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (_length == Chunk.Size)
            {
                Flush();
            }

            int part = Math.Min(text.Length, Chunk.Size - _length);
            text[..part].CopyTo(_chunk[_length..]);
            _length += part;
            text = text[part..];
        }
    }

    public void Append<T>(T value, ReadOnlySpan<char> format = default) where T : ISpanFormattable
    {
        Span<char> text = stackalloc char[80];
        value.TryFormat(text, out int length, format, CultureInfo.InvariantCulture);
        Append(text[..length]);
    }

    public void Flush()
    {
        if (_writer is not null)
        {
            _writer.Write(_chunk[.._length]);
        }
        else
        {
            _builder!.Append(_chunk[.._length]);
        }

        _length = 0;
    }

    [System.Runtime.CompilerServices.InlineArray(Size)]
    private struct Chunk
    {
        public const int Size = 512;

        private char _first;
    }
}
