using System.Globalization;
using System.Text;

namespace RingTrace.Tool.Filtering;

internal enum TokenKind
{
    End,
    Symbol,
    Word,
    Number,
    Text,
}

/// <summary>A piece of an expression.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Column">Where it begins, from 1.</param>
/// <param name="Text">A symbol or word as it stands; a text without quotes and escapes.</param>
/// <param name="Literal">A number's or text's value.</param>
internal readonly record struct Token(TokenKind Kind, int Column, string Text, Literal? Literal = null)
{
    public override string ToString() => Kind switch
    {
        TokenKind.End => "the end",
        TokenKind.Text => $"the text '{Text}'",
        _ => $"'{Text}'",
    };
}

/// <summary>Cuts an expression into tokens; the grammar is in <see cref="WhereParser"/>.</summary>
internal sealed class WhereLexer(string text)
{
    /// <summary>Longer ones first.</summary>
    private static readonly string[] Symbols = ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "~", "!", "(", ")", "."];

    private int _position;

    /// <exception cref="WhereException">No token begins here.</exception>
    public Token Next()
    {
        while (_position < text.Length && char.IsWhiteSpace(text[_position]))
        {
            _position++;
        }

        int start = _position;
        if (start == text.Length)
        {
            return new Token(TokenKind.End, start + 1, "");
        }

        char first = text[start];
        if (first is '\'' or '"')
        {
            return Quoted(first);
        }

        if (char.IsAsciiDigit(first) || (first == '-' && start + 1 < text.Length && char.IsAsciiDigit(text[start + 1])))
        {
            return Number();
        }

        if (IsWordPart(first))
        {
            return new Token(TokenKind.Word, start + 1, Take(IsWordPart));
        }

        string symbol = Symbols.FirstOrDefault(symbol => text.AsSpan(start).StartsWith(symbol, StringComparison.Ordinal))
            ?? throw new WhereException(start + 1, "a name, a value or an operator", Shown(start));
        _position += symbol.Length;
        return new Token(TokenKind.Symbol, start + 1, symbol);
    }

    private static bool IsWordPart(char c) => char.IsLetterOrDigit(c) || c == '_';

    /// <summary>A backslash before a quote or a backslash makes it plain; before all else it is one itself.</summary>
    private Token Quoted(char quote)
    {
        int start = _position++;
        StringBuilder value = new();
        while (_position < text.Length && text[_position] != quote)
        {
            if (text[_position] == '\\' && _position + 1 < text.Length && text[_position + 1] is '\'' or '"' or '\\')
            {
                _position++;
            }

            value.Append(text[_position++]);
        }

        if (_position >= text.Length)
        {
            throw new WhereException(text.Length + 1, $"{quote} that ends the text of column {start + 1}", "the end");
        }

        _position++;
        return new Token(TokenKind.Text, start + 1, value.ToString(), Literal.Of(value.ToString()));
    }

    private Token Number()
    {
        int start = _position++;
        string number = text[start] + Take(c => IsWordPart(c) || c == '.');
        if (number[^1] is 'e' or 'E' && !IsHexadecimal(number) && _position < text.Length && text[_position] is '+' or '-')
        {
            number += text[_position++] + Take(char.IsAsciiDigit);
        }

        Literal value = LiteralOf(number)
            ?? throw new WhereException(start + 1, "a number in range, or a length of time as 5ms", $"'{number}'");
        return new Token(TokenKind.Number, start + 1, number, value);
    }

    private static Literal? LiteralOf(string number)
    {
        bool isNegative = number[0] == '-';
        ReadOnlySpan<char> digits = number.AsSpan(isNegative ? 1 : 0);
        Int128 integer;
        if (IsHexadecimal(number)
            ? Int128.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out integer)
            : Int128.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out integer))
        {
            if (integer < 0)
            {
                // So many hexadecimal digits that the highest bit is set.
                return null;
            }

            integer = isNegative ? -integer : integer;
            return integer >= long.MinValue && integer <= ulong.MaxValue ? Literal.Of(integer) : null;
        }

        if (Durations.TryParse(digits, out long nanoseconds))
        {
            return Literal.Of((Int128)(isNegative ? -nanoseconds : nanoseconds));
        }

        const NumberStyles Float = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(digits, Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? Literal.Of(isNegative ? -value : value) : null;
    }

    private static bool IsHexadecimal(string number) =>
        number.AsSpan(number[0] == '-' ? 1 : 0).StartsWith("0x", StringComparison.OrdinalIgnoreCase);

    private string Take(Func<char, bool> belongs)
    {
        int start = _position;
        while (_position < text.Length && belongs(text[_position]))
        {
            _position++;
        }

        return text[start.._position];
    }

    private string Shown(int position) => Rune.TryGetRuneAt(text, position, out Rune rune) ? $"'{rune}'" : "half a character";
}
