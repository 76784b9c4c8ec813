using System.Text;

namespace RingTrace.Formats;

internal enum TokenKind
{
    End,
    Identifier,
    Integer,
    Text,

    /// <summary>One character that stands for itself: <c>{ } [ ] ( ) &lt; &gt; ; , = : . - + *</c>.</summary>
    Mark,

    /// <summary><c>:=</c></summary>
    Assign,

    /// <summary><c>...</c></summary>
    Ellipsis,
}

/// <summary>A token of the metadata: where it stands, and its number or mark.</summary>
internal readonly record struct Token(TokenKind Kind, int Start, int Length, ulong Number = 0)
{
    public char Mark => Kind == TokenKind.Mark ? (char)Number : '\0';
}

/// <summary>Splits the metadata's text (UTF-8) into tokens, one at a time; nothing is kept.</summary>
internal struct TsdlLexer(string file, byte[] text)
{
    private int _position;

    public readonly ReadOnlySpan<byte> Span(in Token token) => text.AsSpan(token.Start, token.Length);

    public readonly string String(in Token token) => token.Kind == TokenKind.Text
        ? Unescape(text.AsSpan(token.Start + 1, token.Length - 2))
        : Encoding.UTF8.GetString(Span(token));

    public Token Next()
    {
        SkipBlanks();
        int start = _position;
        if (start >= text.Length)
        {
            return new Token(TokenKind.End, text.Length, 0);
        }

        byte c = text[start];
        if (IsWordStart(c))
        {
            while (_position < text.Length && IsWord(text[_position]))
            {
                _position++;
            }

            return new Token(TokenKind.Identifier, start, _position - start);
        }

        if (c is >= (byte)'0' and <= (byte)'9')
        {
            return Integer(start);
        }

        if (c == '"')
        {
            return Text(start);
        }

        if (c == '.' && text.AsSpan(start).StartsWith("..."u8))
        {
            _position += 3;
            return new Token(TokenKind.Ellipsis, start, 3);
        }

        if (c == ':' && start + 1 < text.Length && text[start + 1] == '=')
        {
            _position += 2;
            return new Token(TokenKind.Assign, start, 2);
        }

        if (!"{}[]()<>;,=:.-+*"u8.Contains(c))
        {
            throw new TraceFormatException(file, start, "metadata text", $"byte 0x{c:x2}");
        }

        _position++;
        return new Token(TokenKind.Mark, start, 1, c);
    }

    private static bool IsWordStart(byte c) => c == '_' || char.IsAsciiLetter((char)c);

    private static bool IsWord(byte c) => c == '_' || char.IsAsciiLetterOrDigit((char)c);

    private void SkipBlanks()
    {
        while (_position < text.Length)
        {
            ReadOnlySpan<byte> rest = text.AsSpan(_position);
            if (rest[0] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'\v' or (byte)'\f')
            {
                _position++;
            }
            else if (rest.StartsWith("/*"u8))
            {
                int end = rest[2..].IndexOf("*/"u8);
                _position = end < 0
                    ? throw new TraceFormatException(file, _position, "the end of the comment", "the end of the file")
                    : _position + end + 4;
            }
            else if (rest.StartsWith("//"u8))
            {
                int end = rest.IndexOf((byte)'\n');
                _position = end < 0 ? text.Length : _position + end + 1;
            }
            else
            {
                return;
            }
        }
    }

    private Token Integer(int start)
    {
        while (_position < text.Length && IsWord(text[_position]))
        {
            _position++;
        }

        ReadOnlySpan<byte> digits = text.AsSpan(start, _position - start).TrimEnd("uUlL"u8);
        uint radix = 10;
        if (digits.StartsWith("0x"u8) || digits.StartsWith("0X"u8))
        {
            radix = 16;
            digits = digits[2..];
        }
        else if (digits.StartsWith("0b"u8) || digits.StartsWith("0B"u8))
        {
            radix = 2;
            digits = digits[2..];
        }
        else if (digits.Length > 1 && digits[0] == '0')
        {
            radix = 8;
            digits = digits[1..];
        }

        ulong value = 0;
        foreach (byte digit in digits)
        {
            uint d = char.IsAsciiDigit((char)digit) ? (uint)(digit - '0') : (uint)((digit | 0x20) - 'a' + 10);
            UInt128 next = (UInt128)value * radix + d;
            value = d < radix && next <= ulong.MaxValue ? (ulong)next : throw Bad(start);
        }

        return digits.IsEmpty ? throw Bad(start) : new Token(TokenKind.Integer, start, _position - start, value);
    }

    private readonly TraceFormatException Bad(int start) =>
        new(file, start, "a number of at most 64 bits", $"'{Excerpt(start)}'");

    private readonly string Excerpt(int start) =>
        Encoding.UTF8.GetString(text.AsSpan(start, Math.Min(40, _position - start)));

    private Token Text(int start)
    {
        for (_position++; _position < text.Length; _position++)
        {
            if (text[_position] == '\\')
            {
                _position++;
            }
            else if (text[_position] == '"')
            {
                _position++;
                return new Token(TokenKind.Text, start, _position - start);
            }
        }

        throw new TraceFormatException(file, start, "the end of the text", "the end of the file");
    }

    private static string Unescape(ReadOnlySpan<byte> quoted)
    {
        string raw = Encoding.UTF8.GetString(quoted);
        if (!raw.Contains('\\'))
        {
            return raw;
        }

        StringBuilder result = new(raw.Length);
        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\' || i + 1 == raw.Length)
            {
                result.Append(raw[i]);
                continue;
            }

            i++;
            result.Append(raw[i] switch
            {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'a' => '\a',
                'b' => '\b',
                'f' => '\f',
                'v' => '\v',
                '0' => '\0',
                char other => other,
            });
        }

        return result.ToString();
    }
}
