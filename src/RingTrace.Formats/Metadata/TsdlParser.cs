namespace RingTrace.Formats;

/// <summary>
/// Parses the metadata of a CTF 1.8 trace (TSDL) by recursive descent. Nesting is bounded by
/// <see cref="DeepestNesting"/>, the work by the length of the text.
/// </summary>
internal sealed partial class TsdlParser
{
    /// <summary>How deep types may stand in one another.</summary>
    public const int DeepestNesting = 32;

    private const int MostClocks = 64;

    private readonly string _file;
    private readonly TsdlDocument _document = new();
    private TsdlLexer _lexer;
    private Token _token;
    private TypeScope _types = new(outer: null);
    private int _depth;

    private TsdlParser(string file, byte[] text)
    {
        _file = file;
        _lexer = new TsdlLexer(file, text);
        _token = _lexer.Next();
    }

    /// <summary>The declarations of a metadata text.</summary>
    /// <exception cref="TraceFormatException">The text is not TSDL, or asks for what no trace needs.</exception>
    public static TsdlDocument Parse(string file, byte[] text)
    {
        TsdlParser parser = new(file, text);
        while (parser._token.Kind != TokenKind.End)
        {
            parser.Declaration();
        }

        return parser._document;
    }

    private void Declaration()
    {
        if (TryMark(';') || TryTypeDeclaration())
        {
            return;
        }

        int start = _token.Start;
        string word = Identifier("a declaration");
        switch (word)
        {
            case "trace":
                Block(TraceEntry);
                break;
            case "env":
                Block(EnvironmentEntry);
                break;
            case "clock":
                ClockInfo clock = new();
                Block(key => ClockEntry(clock, key));
                CheckClock(clock, start);
                _document.Clocks.Add(clock);
                break;
            case "stream":
                StreamDeclaration stream = new() { Offset = start };
                Block(key => StreamEntry(stream, key));
                _document.Streams.Add(stream);
                break;
            case "event":
                EventDeclaration declared = new() { Offset = start };
                Block(key => EventEntry(declared, key));
                _document.Events.Add(declared);
                break;
            case "callsite":
                Block(_ => SkipValue());
                break;
            default:
                throw Expected(start, "trace, env, clock, stream, event or a type", $"'{word}'");
        }

        Mark(';');
    }

    /// <summary><c>{ key = value; key := type; ... }</c>; the entry reads from the sign on.</summary>
    private void Block(Action<string> entry)
    {
        Mark('{');
        _types = new TypeScope(_types);
        while (!TryMark('}'))
        {
            if (TryMark(';') || TryTypeDeclaration())
            {
                continue;
            }

            entry(Path("a key"));
            Mark(';');
        }

        _types = _types.Outer!;
    }

    private void TraceEntry(string key)
    {
        switch (key)
        {
            case "uuid":
                _document.Uuid = Uuid();
                break;
            case "byte_order":
                _document.ByteOrder = ByteOrder();
                break;
            case "packet.header":
                _document.PacketHeader = Struct();
                break;
            case "major":
                (int at, ulong major) = (_token.Start, Unsigned());
                if (major != 1)
                {
                    throw Expected(at, "version 1", $"version {major}");
                }

                break;
            default:
                SkipValue();
                break;
        }
    }

    private void EnvironmentEntry(string key)
    {
        Mark('=');
        if (_token.Kind is TokenKind.Text or TokenKind.Identifier)
        {
            _document.Environment[key] = new EnvironmentValue(_lexer.String(_token), 0);
            Advance();
        }
        else
        {
            _document.Environment[key] = new EnvironmentValue(null, (long)Number(out _));
        }
    }

    private void StreamEntry(StreamDeclaration stream, string key)
    {
        switch (key)
        {
            case "id":
                stream.Id = Unsigned();
                break;
            case "packet.context":
                stream.PacketContext = Struct();
                break;
            case "event.header":
                stream.EventHeader = Struct();
                break;
            case "event.context":
                stream.EventContext = Struct();
                break;
            default:
                SkipValue();
                break;
        }
    }

    private void EventEntry(EventDeclaration declared, string key)
    {
        switch (key)
        {
            case "name":
                declared.Name = TextOrWord();
                break;
            case "id":
                declared.Id = Unsigned();
                break;
            case "stream_id":
                declared.StreamId = Unsigned();
                break;
            case "loglevel":
                Mark('=');
                declared.LogLevel = (int)Math.Clamp((long)Number(out _), int.MinValue, int.MaxValue);
                break;
            case "context":
                declared.Context = Struct();
                break;
            case "fields":
                declared.Fields = Struct();
                break;
            default:
                SkipValue();
                break;
        }
    }

    private void ClockEntry(ClockInfo clock, string key)
    {
        switch (key)
        {
            case "name":
                clock.Name = TextOrWord();
                break;
            case "uuid":
                clock.Uuid = Uuid();
                break;
            case "description":
                clock.Description = TextOrWord();
                break;
            case "freq":
                clock.Frequency = Unsigned();
                break;
            case "offset_s":
                clock.OffsetSeconds = Signed();
                break;
            case "offset":
                clock.OffsetTicks = Signed();
                break;
            case "absolute":
                clock.IsAbsolute = Boolean();
                break;
            default:
                SkipValue();
                break;
        }
    }

    private void CheckClock(ClockInfo clock, int start)
    {
        if (clock.Frequency is 0 or > ClockInfo.MostTicksPerSecond)
        {
            throw Expected(start, $"a clock of 1 to {ClockInfo.MostTicksPerSecond} ticks a second",
                $"{clock.Frequency}");
        }

        if (_document.Clocks.Count == MostClocks || _document.Clocks.Exists(other => other.Name == clock.Name))
        {
            throw Expected(start, $"at most {MostClocks} clocks, each with a name of its own",
                $"one more '{clock.Name}'");
        }
    }
}
