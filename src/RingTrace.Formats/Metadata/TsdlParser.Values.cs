namespace RingTrace.Formats;

/// <content>Values, keys and single tokens.</content>
internal sealed partial class TsdlParser
{
    private void Advance() => _token = _lexer.Next();

    private bool IsMark(char mark) => _token.Mark == mark;

    private bool TryMark(char mark)
    {
        if (!IsMark(mark))
        {
            return false;
        }

        Advance();
        return true;
    }

    private void Mark(char mark)
    {
        if (!TryMark(mark))
        {
            throw Expected($"'{mark}'");
        }
    }

    private bool IsWord(ReadOnlySpan<byte> word) =>
        _token.Kind == TokenKind.Identifier && _lexer.Span(_token).SequenceEqual(word);

    private bool TryWord(ReadOnlySpan<byte> word)
    {
        if (!IsWord(word))
        {
            return false;
        }

        Advance();
        return true;
    }

    private string Identifier(string what)
    {
        if (_token.Kind != TokenKind.Identifier)
        {
            throw Expected(what);
        }

        string word = _lexer.String(_token);
        Advance();
        return word;
    }

    /// <summary>Words with dots between: <c>stream.event.header</c>.</summary>
    private string Path(string what)
    {
        string path = Identifier(what);
        while (TryMark('.'))
        {
            path += "." + Identifier("a name after '.'");
            if (path.Length > 1024)
            {
                throw Expected("a path of at most 1024 characters");
            }
        }

        return path;
    }

    /// <summary>A name of one or several words: <c>unsigned long</c>, <c>char *</c>.</summary>
    private string TypeName()
    {
        string name = Identifier("a type's name");
        while (_token.Kind == TokenKind.Identifier || IsMark('*'))
        {
            name += " " + _lexer.String(_token);
            if (name.Length > 1024)
            {
                throw Expected("a type name of at most 1024 characters");
            }

            Advance();
        }

        return name;
    }

    /// <summary>A number with an optional sign, as its two's complement.</summary>
    private ulong Number(out bool negative)
    {
        negative = TryMark('-');
        if (!negative)
        {
            TryMark('+');
        }

        if (_token.Kind != TokenKind.Integer)
        {
            throw Expected("a number");
        }

        ulong value = _token.Number;
        if (negative && value > 1UL << 63)
        {
            throw Expected("a number of at most 64 bits");
        }

        Advance();
        return negative ? unchecked(0 - value) : value;
    }

    private ulong Unsigned()
    {
        Mark('=');
        int start = _token.Start;
        ulong value = Number(out bool negative);
        return negative ? throw Expected(start, "a number from 0 on", $"{(long)value}") : value;
    }

    private long Signed()
    {
        Mark('=');
        int start = _token.Start;
        ulong value = Number(out bool negative);
        return !negative && value > long.MaxValue
            ? throw Expected(start, "a number of at most 63 bits", $"{value}")
            : (long)value;
    }

    private bool Boolean()
    {
        Mark('=');
        if (_token.Kind == TokenKind.Integer)
        {
            bool set = _token.Number != 0;
            Advance();
            return set;
        }

        int start = _token.Start;
        string word = Identifier("true or false");
        return word switch
        {
            "true" or "TRUE" => true,
            "false" or "FALSE" => false,
            _ => throw Expected(start, "true or false", $"'{word}'"),
        };
    }

    private string TextOrWord()
    {
        Mark('=');
        if (_token.Kind is not (TokenKind.Text or TokenKind.Identifier or TokenKind.Integer))
        {
            throw Expected("a text");
        }

        string text = _lexer.String(_token);
        Advance();
        return text;
    }

    private Guid Uuid()
    {
        int start = _token.Start;
        string text = TextOrWord();
        return Guid.TryParseExact(text, "D", out Guid uuid)
            ? uuid
            : throw Expected(start, "a UUID such as \"2a6422d0-6cee-11e0-8c08-cb07d7b3a564\"", $"'{text}'");
    }

    private TraceByteOrder ByteOrder()
    {
        int start = _token.Start;
        string word = TextOrWord();
        return word switch
        {
            "le" => TraceByteOrder.Little,
            "be" or "network" => TraceByteOrder.Big,
            "native" => TraceByteOrder.Native,
            _ => throw Expected(start, "le, be, network or native", $"'{word}'"),
        };
    }

    /// <summary>Passes over what a key that means nothing to us is set to.</summary>
    private void SkipValue()
    {
        if (_token.Kind == TokenKind.Assign)
        {
            Advance();
            Type();
            return;
        }

        Mark('=');
        while (!IsMark(';') && !IsMark('}'))
        {
            if (_token.Kind == TokenKind.End)
            {
                throw Expected("';'");
            }

            Advance();
        }
    }

    private TraceFormatException Expected(string what) => Expected(_token.Start, what, _token.Kind == TokenKind.End
        ? "the end of the metadata"
        : $"'{Shorten(_lexer.String(_token))}'");

    private TraceFormatException Expected(int offset, string what, string found) => new(_file, offset, what, found);

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "...";
}
