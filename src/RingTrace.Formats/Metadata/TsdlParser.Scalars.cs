namespace RingTrace.Formats;

/// <content>Integers, floating-point numbers, texts and enumerations.</content>
internal sealed partial class TsdlParser
{
    private IntegerClass Integer()
    {
        int start = _token.Start;
        int size = 0, alignment = 0, displayBase = 10;
        bool signed = false, character = false;
        string? clock = null;
        TraceByteOrder order = TraceByteOrder.Native;
        Settings(key =>
        {
            switch (key)
            {
                case "size":
                    size = (int)Math.Min(Unsigned(), int.MaxValue);
                    break;
                case "align":
                    Mark('=');
                    alignment = Alignment();
                    break;
                case "signed":
                    signed = Boolean();
                    break;
                case "byte_order":
                    order = ByteOrder();
                    break;
                case "base":
                    displayBase = DisplayBase();
                    break;
                case "encoding":
                    character = IsText();
                    break;
                case "map":
                    clock = MappedClock();
                    break;
                default:
                    SkipValue();
                    break;
            }
        });

        return size is >= 1 and <= 64
            ? new IntegerClass(size, DefaultAlignment(size, alignment))
            {
                IsSigned = signed,
                ByteOrder = order,
                DisplayBase = displayBase,
                IsCharacter = character,
                ClockName = clock,
            }
            : throw Expected(start, "an integer of 1 to 64 bits", $"size {size}");
    }

    private FloatClass FloatingPoint()
    {
        int start = _token.Start;
        int exponent = 0, mantissa = 0, alignment = 0;
        TraceByteOrder order = TraceByteOrder.Native;
        Settings(key =>
        {
            switch (key)
            {
                case "exp_dig":
                    exponent = (int)Math.Min(Unsigned(), int.MaxValue);
                    break;
                case "mant_dig":
                    mantissa = (int)Math.Min(Unsigned(), int.MaxValue);
                    break;
                case "align":
                    Mark('=');
                    alignment = Alignment();
                    break;
                case "byte_order":
                    order = ByteOrder();
                    break;
                default:
                    SkipValue();
                    break;
            }
        });

        int size = (exponent, mantissa) switch
        {
            (8, 24) => 32,
            (11, 53) => 64,
            _ => throw Expected(start, "exp_dig 8 with mant_dig 24, or 11 with 53", $"{exponent} with {mantissa}"),
        };
        return new FloatClass(size, DefaultAlignment(size, alignment)) { ByteOrder = order };
    }

    private StringClass Text()
    {
        if (IsMark('{'))
        {
            Settings(_ => SkipValue());
        }

        return new StringClass();
    }

    private EnumClass Enumeration()
    {
        int start = _token.Start;
        string? name = _token.Kind == TokenKind.Identifier ? Identifier("a name") : null;
        if (name is not null && !IsMark(':') && !IsMark('{'))
        {
            return _types.Find("enum " + name) as EnumClass
                ?? throw Expected(start, "an enum", $"'enum {Shorten(name)}', which is not declared");
        }

        FieldClass? container = TryMark(':') ? Type() : _types.Find("int");
        if (container is not IntegerClass number)
        {
            throw Expected(start, "an enum over an integer type", "another type");
        }

        EnumClass type = new(number, Mappings(number.IsSigned));
        if (name is not null)
        {
            Declare("enum " + name, type, start);
        }

        return type;
    }

    private EnumMapping[] Mappings(bool signed)
    {
        Mark('{');
        List<EnumMapping> mappings = [];
        ulong next = 0;
        while (!TryMark('}'))
        {
            if (_token.Kind is not (TokenKind.Identifier or TokenKind.Text) || mappings.Count == MostLabels)
            {
                throw Expected($"a label, or '}}' after at most {MostLabels}");
            }

            int start = _token.Start;
            string label = _lexer.String(_token);
            Advance();
            (ulong low, ulong high) = (next, next);
            if (TryMark('='))
            {
                low = high = Number(out _);
                if (_token.Kind == TokenKind.Ellipsis)
                {
                    Advance();
                    high = Number(out _);
                }
            }

            if (signed ? (long)high < (long)low : high < low)
            {
                throw Expected(start, "a range from low to high", "the other way round");
            }

            mappings.Add(new EnumMapping(label, low, high));
            next = unchecked(high + 1);
            if (!TryMark(',') && !IsMark('}'))
            {
                throw Expected("',' or '}'");
            }
        }

        return [.. mappings];
    }

    private void Settings(Action<string> entry)
    {
        Mark('{');
        while (!TryMark('}'))
        {
            if (!TryMark(';'))
            {
                entry(Identifier("a setting"));
                Mark(';');
            }
        }
    }

    private int Alignment()
    {
        int start = _token.Start;
        ulong value = Number(out bool negative);
        return !negative && value is > 0 and <= MostAlignment && ulong.IsPow2(value)
            ? (int)value
            : throw Expected(start, $"an alignment: a power of two up to {MostAlignment}", $"{(long)value}");
    }

    private static int DefaultAlignment(int size, int declared) => declared != 0 ? declared : size % 8 == 0 ? 8 : 1;

    private int DisplayBase()
    {
        int start = _token.Start;
        string word = TextOrWord();
        return word switch
        {
            "10" or "decimal" or "dec" or "d" or "i" or "u" => 10,
            "16" or "hexadecimal" or "hex" or "x" or "X" or "p" => 16,
            "8" or "octal" or "oct" or "o" => 8,
            "2" or "binary" or "bin" or "b" => 2,
            _ => throw Expected(start, "base 2, 8, 10 or 16", $"'{Shorten(word)}'"),
        };
    }

    private bool IsText()
    {
        int start = _token.Start;
        string word = TextOrWord();
        return word switch
        {
            "UTF8" or "ASCII" or "utf8" or "ascii" => true,
            "none" or "NONE" => false,
            _ => throw Expected(start, "encoding UTF8, ASCII or none", $"'{Shorten(word)}'"),
        };
    }

    /// <summary><c>map = clock.NAME.value</c></summary>
    private string MappedClock()
    {
        Mark('=');
        int start = _token.Start;
        string path = Path("a clock's value");
        return path.StartsWith("clock.", StringComparison.Ordinal) && path.EndsWith(".value", StringComparison.Ordinal)
            && path.Length > "clock..value".Length
            ? path["clock.".Length..^".value".Length]
            : throw Expected(start, "clock.NAME.value", $"'{Shorten(path)}'");
    }
}
