namespace RingTrace.Formats;

/// <content>Types: their declarations, names and fields.</content>
internal sealed partial class TsdlParser
{
    private const int MostMembers = 4 * 1024;
    private const int MostLabels = 4 * 1024;

    /// <summary>In bits.</summary>
    public const int MostAlignment = 64 * 1024;

    /// <summary><c>typealias</c>, <c>typedef</c>, or a named struct, variant or enum on its own.</summary>
    private bool TryTypeDeclaration()
    {
        if (TryWord("typealias"u8))
        {
            FieldClass type = Type();
            if (_token.Kind != TokenKind.Assign)
            {
                throw Expected("':='");
            }

            Advance();
            int start = _token.Start;
            Declare(TypeName(), type, start);
        }
        else if (TryWord("typedef"u8))
        {
            foreach ((string name, FieldClass type, int start) in Declarators())
            {
                Declare(name, type, start);
            }
        }
        else if (IsWord("struct"u8) || IsWord("variant"u8) || IsWord("enum"u8))
        {
            Type();
        }
        else
        {
            return false;
        }

        Mark(';');
        return true;
    }

    private void Declare(string name, FieldClass type, int start)
    {
        if (!_types.TryAdd(name, type))
        {
            throw Expected(start, "a type name that is new here", $"'{Shorten(name)}' again");
        }
    }

    /// <summary><c>:= struct {...}</c> for a scope of the trace.</summary>
    private StructClass Struct()
    {
        if (_token.Kind != TokenKind.Assign)
        {
            throw Expected("':='");
        }

        Advance();
        int start = _token.Start;
        return Type() as StructClass ?? throw Expected(start, "a struct", "another type");
    }

    /// <summary>A type, without what may follow it.</summary>
    private FieldClass Type()
    {
        int start = _token.Start;
        if (TryBuiltIn() is { } type)
        {
            return type;
        }

        string name = TypeName();
        return Named(name, start);
    }

    private FieldClass Named(string name, int start)
    {
        name = name.StartsWith("const ", StringComparison.Ordinal) ? name["const ".Length..] : name;
        return _types.Find(name) ?? throw Expected(start, "a type", $"'{Shorten(name)}', which is not declared");
    }

    private FieldClass? TryBuiltIn()
    {
        if (_token.Kind != TokenKind.Identifier)
        {
            throw Expected("a type");
        }

        if (++_depth > DeepestNesting)
        {
            throw Expected($"types at most {DeepestNesting} deep");
        }

        FieldClass? type = null;
        if (TryWord("integer"u8))
        {
            type = Integer();
        }
        else if (TryWord("floating_point"u8))
        {
            type = FloatingPoint();
        }
        else if (TryWord("string"u8))
        {
            type = Text();
        }
        else if (TryWord("enum"u8))
        {
            type = Enumeration();
        }
        else if (TryWord("struct"u8))
        {
            type = Structure();
        }
        else if (TryWord("variant"u8))
        {
            type = Variant();
        }

        _depth--;
        return type;
    }

    private StructClass Structure()
    {
        int start = _token.Start;
        string? name = _token.Kind == TokenKind.Identifier && !IsWord("align"u8) ? Identifier("a name") : null;
        if (!IsMark('{'))
        {
            return _types.Find("struct " + name) as StructClass
                ?? throw Expected(start, "a struct", $"'struct {Shorten(name ?? "")}', which is not declared");
        }

        FieldMember[] members = Members();
        int alignment = 1;
        if (TryWord("align"u8))
        {
            Mark('(');
            alignment = Alignment();
            Mark(')');
        }

        StructClass type = new(members, alignment);
        if (name is not null)
        {
            Declare("struct " + name, type, start);
        }

        return type;
    }

    private VariantClass Variant()
    {
        int start = _token.Start;
        string? name = _token.Kind == TokenKind.Identifier ? Identifier("a name") : null;
        string? tag = null;
        if (TryMark('<'))
        {
            tag = Path("the path of an enum");
            Mark('>');
        }

        if (!IsMark('{'))
        {
            return _types.Find("variant " + name) is VariantClass known
                ? tag is null ? known : known.WithTag(tag)
                : throw Expected(start, "a variant", $"'variant {Shorten(name ?? "")}', which is not declared");
        }

        VariantClass type = new(tag, Members());
        if (name is not null)
        {
            Declare("variant " + name, type, start);
        }

        return type;
    }

    /// <summary><c>{ type name, name[3]; ... }</c></summary>
    private FieldMember[] Members()
    {
        Mark('{');
        _types = new TypeScope(_types);
        List<FieldMember> members = [];
        HashSet<string> names = [];
        while (!TryMark('}'))
        {
            if (TryMark(';') || ((IsWord("typealias"u8) || IsWord("typedef"u8)) && TryTypeDeclaration()))
            {
                continue;
            }

            foreach ((string name, FieldClass type, int start) in Declarators())
            {
                if (members.Count == MostMembers || !names.Add(name))
                {
                    throw Expected(start, $"at most {MostMembers} fields, each with its own name",
                        $"'{Shorten(name)}'");
                }

                members.Add(new FieldMember(name, type));
            }

            Mark(';');
        }

        _types = _types.Outer!;
        return [.. members];
    }

    /// <summary>A type and one or more names, each with its array lengths: <c>uint8_t a, b[4]</c>.</summary>
    private List<(string Name, FieldClass Type, int Start)> Declarators()
    {
        List<(string, FieldClass, int)> result = [];
        int start = _token.Start;
        FieldClass? type = TryBuiltIn();
        string name;
        if (type is not null)
        {
            start = _token.Start;
            name = Identifier("a field's name");
        }
        else
        {
            // Several words: the last is the field's name, those before name the type.
            string words = TypeName();
            int space = words.LastIndexOf(' ');
            if (space < 0)
            {
                throw Expected("a field's name");
            }

            name = words[(space + 1)..];
            type = Named(words[..space], start);
        }

        result.Add((name, Arrays(type), start));
        while (TryMark(','))
        {
            start = _token.Start;
            name = Identifier("a field's name");
            result.Add((name, Arrays(type), start));
        }

        return result;
    }

    /// <summary><c>[2][n]</c> after a name: an array of 2 sequences.</summary>
    private FieldClass Arrays(FieldClass type)
    {
        List<(long Length, string? Path)> dimensions = [];
        while (TryMark('['))
        {
            if (_token.Kind == TokenKind.Integer)
            {
                ulong length = Number(out _);
                dimensions.Add(length <= long.MaxValue ? ((long)length, null) : throw Expected("a shorter array"));
            }
            else
            {
                dimensions.Add((0, Path("an array's length or its field")));
            }

            Mark(']');
            if (dimensions.Count > DeepestNesting)
            {
                throw Expected($"at most {DeepestNesting} dimensions");
            }
        }

        for (int i = dimensions.Count - 1; i >= 0; i--)
        {
            (long length, string? path) = dimensions[i];
            type = path is null ? new ArrayClass(type, length) : new SequenceClass(type, path);
        }

        return type;
    }
}
