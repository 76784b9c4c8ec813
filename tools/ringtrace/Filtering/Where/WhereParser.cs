namespace RingTrace.Tool.Filtering;

/// <summary>
/// Reads expressions over an event:
/// <code>
/// any        = all { ("||" | "or") all }
/// all        = one { ("&amp;&amp;" | "and") one }
/// one        = ("!" | "not") one | "(" any ")" | comparison
/// comparison = operand [ ("==" | "!=" | "&lt;" | "&lt;=" | ">" | ">=" | "~") operand ]
/// operand    = "tid" | "cpu" | "time" | "name" | "level" | "category"
///            | word | "." word                     a field; with the dot even one that is called as one of the above
///            | number | text | "true" | "false" | "null"
/// number     = ["-"] ( digits | "0x" hex digits | decimal with "." or exponent | decimal and ns, us, ms, s, m, h )
/// text       = in ' or "; a backslash takes the meaning from a quote or a backslash
/// </code>
/// <c>~</c> matches a text with a pattern of <c>*</c> and <c>?</c>. A length of time is a number of nanoseconds. A value alone
/// must be true. <c>level</c> and <c>time</c> are compared with texts. Values of different kinds are not equal, and a
/// comparison with what the event does not have is false, <c>!=</c> too.
/// </summary>
internal sealed class WhereParser
{
    private const int DeepestNesting = 64;

    private static readonly HashSet<string> Comparisons = ["==", "!=", "<", "<=", ">", ">=", "~"];

    private readonly WhereLexer _lexer;
    private readonly SortedSet<string> _fields = new(StringComparer.Ordinal);
    private Token _token;
    private int _depth;

    private WhereParser(string text)
    {
        _lexer = new WhereLexer(text);
        _token = _lexer.Next();
    }

    /// <exception cref="WhereException">It is no expression.</exception>
    public static WhereExpression Parse(string text)
    {
        WhereParser parser = new(text);
        WhereNode root = parser.Any();
        if (parser._token.Kind != TokenKind.End)
        {
            throw parser.Unexpected("'and', 'or' or the end");
        }

        return new WhereExpression(root, [.. parser._fields]);
    }

    private WhereNode Any() => List("||", "or", all: false, All);

    private WhereNode All() => List("&&", "and", all: true, One);

    private WhereNode List(string symbol, string word, bool all, Func<WhereNode> part)
    {
        List<WhereNode> parts = [part()];
        while (TryTake(symbol, word))
        {
            parts.Add(part());
        }

        return parts is [WhereNode only] ? only : new ListNode(parts, all);
    }

    private WhereNode One()
    {
        int column = _token.Column;
        if (TryTake("!", "not"))
        {
            Enter(column);
            NotNode not = new(One());
            _depth--;
            return not;
        }

        if (TryTake("(", word: null))
        {
            Enter(column);
            WhereNode inner = Any();
            _depth--;
            return TryTake(")", word: null) ? inner : throw Unexpected($"')' for the '(' of column {column}");
        }

        return Comparison();
    }

    private WhereNode Comparison()
    {
        Token left = _token;
        Operand leftOperand = Operand();
        if (_token.Kind != TokenKind.Symbol || !Comparisons.Contains(_token.Text))
        {
            return new FlagNode(leftOperand);
        }

        Token symbol = Take();
        Token right = _token;
        Operand rightOperand = Operand();
        if (symbol.Text == "~" && (IsOrdered(leftOperand) || IsOrdered(rightOperand)))
        {
            throw new WhereException(symbol.Column, "==, !=, <, <=, > or >= beside level and time", symbol.ToString());
        }

        return new ComparisonNode(Beside(rightOperand, leftOperand, left), symbol.Text, Beside(leftOperand, rightOperand, right));
    }

    private Operand Operand()
    {
        if (TryTake(".", word: null))
        {
            return _token.Kind == TokenKind.Word ? Field(Take().Text) : throw Unexpected("a field's name");
        }

        if (_token.Literal is { } literal)
        {
            Take();
            return new LiteralOperand(literal);
        }

        if (_token.Kind != TokenKind.Word || _token.Text is "and" or "or" or "not")
        {
            throw Unexpected("a field, a number, a text in quotes, true, false or null");
        }

        string word = Take().Text;
        return word switch
        {
            "true" => new LiteralOperand(Literal.Of(true)),
            "false" => new LiteralOperand(Literal.Of(false)),
            "null" => new LiteralOperand(Literal.Null),
            _ => HeadOperand.Names.Contains(word) ? new HeadOperand(word) : Field(word),
        };
    }

    /// <summary>A text beside <c>level</c> is a level, and beside <c>time</c> a time.</summary>
    private static Operand Beside(Operand other, Operand operand, Token token) => other switch
    {
        HeadOperand { Name: HeadOperand.Level } => Levels.TryParse(token.Literal?.Text) is { } level
            ? new LiteralOperand(HeadOperand.Importance(level))
            : throw new WhereException(token.Column, $"a level in quotes ({Levels.Names})", token.ToString()),
        HeadOperand { Name: HeadOperand.Time } => token.Literal?.Text is { } text && TimePoint.TryParse(text) is { } time
            ? new TimeOperand(time)
            : throw new WhereException(token.Column, $"a time in quotes ({TimePoint.Forms})", token.ToString()),
        _ => operand,
    };

    /// <summary>Has an order and is no text, though it is compared with one.</summary>
    private static bool IsOrdered(Operand operand) => operand is HeadOperand { Name: HeadOperand.Level or HeadOperand.Time };

    private FieldOperand Field(string name)
    {
        _fields.Add(name);
        return new FieldOperand(name);
    }

    private void Enter(int column)
    {
        if (++_depth > DeepestNesting)
        {
            throw new WhereException(column, $"at most {DeepestNesting} levels of nesting", "one more");
        }
    }

    private bool TryTake(string symbol, string? word)
    {
        bool fits = (_token.Kind == TokenKind.Symbol && _token.Text == symbol)
            || (_token.Kind == TokenKind.Word && _token.Text == word);
        if (fits)
        {
            Take();
        }

        return fits;
    }

    private Token Take()
    {
        Token token = _token;
        _token = _lexer.Next();
        return token;
    }

    private WhereException Unexpected(string expected) => new(_token.Column, expected, _token.ToString());
}
