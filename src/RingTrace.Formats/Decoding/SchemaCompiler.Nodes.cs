namespace RingTrace.Formats;

/// <content>Nodes and the references between them.</content>
internal sealed partial class SchemaCompiler
{
    private static readonly string[] ScopeNames =
    [
        "event.fields", "event.context", "stream.event.context", "stream.event.header", "stream.packet.context",
        "trace.packet.header",
    ];

    private FieldNode? Scope(string name, StructClass? type)
    {
        _scope = name;
        if (type is null)
        {
            return null;
        }

        FieldNode root = Node(name, type);
        _scopes[name] = root;
        return root;
    }

    private FieldNode Node(string name, FieldClass type)
    {
        Count(1);
        switch (type)
        {
            case IntegerClass number:
                return Number(NodeKind.Integer, name, type, number);
            case EnumClass labels:
                return Number(NodeKind.Enum, name, type, labels.Container);
            case FloatClass number:
                return new FieldNode(NodeKind.Float, name, type)
                {
                    Size = number.Size,
                    IsSigned = true,
                    IsBigEndian = IsBigEndian(number.ByteOrder, number.Size),
                };
            case StringClass:
                return new FieldNode(NodeKind.String, name, type);
            case StructClass members:
                FieldNode parent = new(NodeKind.Struct, name, type);
                Fill(parent, members.Members);
                return parent;
            case VariantClass variant:
                return Variant(name, variant);
            case ArrayClass array:
                FieldNode fixedArray = new(NodeKind.Array, name, type) { Length = array.Length };
                fixedArray.Element = Element(fixedArray, array.Element);
                return fixedArray.Element.IsEmpty && array.Length > 1
                    ? throw Wrong($"elements of '{name}' that take at least a bit", $"{array.Length} that take none")
                    : fixedArray;
            case SequenceClass sequence:
                return Sequence(name, sequence);
            default:
                throw new InvalidOperationException($"A field class that the compiler does not know: {type}.");
        }
    }

    private void Count(int nodes)
    {
        _nodes += nodes;
        if (_nodes > MostNodes || _open.Count > DeepestNesting)
        {
            throw Wrong($"types of at most {MostNodes} fields and options, {DeepestNesting} deep", "more");
        }
    }

    private FieldNode Number(NodeKind kind, string name, FieldClass type, IntegerClass number)
    {
        bool isClock = number.ClockName is not null && !number.IsSigned;
        if (isClock && !_document.Clocks.Exists(clock => clock.Name == number.ClockName))
        {
            throw Wrong($"a declared clock for '{name}'", $"'{number.ClockName}'");
        }

        // Traces without a clock may still name the time.
        isClock |= number.ClockName is null && _scope == "stream.event.header" && name == "timestamp"
            && !number.IsSigned;
        return new FieldNode(kind, name, type)
        {
            IsOfEvent = InEvent,
            Size = number.Size,
            IsSigned = number.IsSigned,
            IsBigEndian = IsBigEndian(number.ByteOrder, number.Size),
            Role = isClock && _scope is "stream.event.header" ? NodeRole.Clock : NodeRole.None,
        };
    }

    /// <summary>A single byte reads the same either way; single bits do not.</summary>
    private bool IsBigEndian(TraceByteOrder order, int size)
    {
        TraceByteOrder effective = order == TraceByteOrder.Native ? _document.ByteOrder : order;
        return effective == TraceByteOrder.Native
            ? throw Wrong($"the trace's byte_order, for a number of {size} bits", "none")
            : effective == TraceByteOrder.Big;
    }

    private void Fill(FieldNode parent, IReadOnlyList<FieldMember> members)
    {
        _open.Add(parent);
        FieldNode[] children = new FieldNode[members.Count];
        for (int i = 0; i < children.Length; i++)
        {
            children[i] = Node(members[i].Name, members[i].Class);

            // A field may refer to those before it.
            parent.SetChildren(children, i + 1);
        }

        _open.RemoveAt(_open.Count - 1);
    }

    private FieldNode Element(FieldNode array, FieldClass type)
    {
        _open.Add(array);
        FieldNode element = Node("", type);
        _open.RemoveAt(_open.Count - 1);
        return element;
    }

    private FieldNode Sequence(string name, SequenceClass type)
    {
        FieldNode length = Resolve(type.LengthPath, name);
        if (length is not { Kind: NodeKind.Integer or NodeKind.Enum, IsSigned: false })
        {
            throw Wrong($"an unsigned length of '{name}'", $"'{type.LengthPath}', which is none");
        }

        length.IsHidden |= length.RawName == $"_{name}_length" || length.RawName == $"__{name}_length"
            || length.RawName == $"{name}_length";
        FieldNode node = new(NodeKind.Sequence, name, type) { Source = length };
        node.Element = Element(node, type.Element);
        return node;
    }

    private FieldNode Variant(string name, VariantClass type)
    {
        if (type.Tag is null)
        {
            throw Wrong("a variant with a tag", $"'{name}' without");
        }

        FieldNode tag = Resolve(type.Tag, name);
        if (tag.Class is not EnumClass labels)
        {
            throw Wrong($"an enum as the tag of '{name}'", $"'{type.Tag}', which is none");
        }

        FieldNode node = new(NodeKind.Variant, name, type) { Source = tag };
        Fill(node, type.Options);
        Count(labels.Mappings.Count);
        Dictionary<string, FieldNode> byName = [];
        foreach (FieldNode child in node.Children)
        {
            byName.TryAdd(child.Name, child);
        }

        List<VariantChoice> choices = [];
        foreach (EnumMapping mapping in labels.Mappings)
        {
            if ((node.FindChild(mapping.Label) ?? byName.GetValueOrDefault(mapping.Label)) is { } option)
            {
                choices.Add(new VariantChoice(mapping.Low, mapping.High, option));
            }
        }

        node.Choices = [.. choices];
        return node;
    }

    /// <summary>Finds what a length or a tag refers to, and has it keep its value in a register.</summary>
    private FieldNode Resolve(string path, string user)
    {
        FieldNode found = Absolute(path) ?? Relative(path) ?? Elsewhere(path)
            ?? throw Wrong($"an earlier field for '{user}'", $"'{path}', which is not there");
        if (found.Kind > NodeKind.Enum)
        {
            throw Wrong($"a whole number for '{user}'", $"'{path}', which is none");
        }

        found.Uses++;
        if (found.Register < 0)
        {
            found.Register = NextRegister(found);
        }

        return found;
    }

    private int NextRegister(FieldNode node)
    {
        int next = node.IsOfEvent ? FirstEventRegister + _eventRegisters++ : _traceRegisters++;
        _mostEventRegisters = Math.Max(_mostEventRegisters, _eventRegisters);
        return _eventRegisters <= MostEventRegisters && _traceRegisters <= FirstEventRegister
            ? next
            : throw Wrong($"at most {MostEventRegisters} lengths and tags in an event", "more");
    }

    private FieldNode? Absolute(string path)
    {
        foreach (string scope in ScopeNames)
        {
            if (path.Length > scope.Length && path[scope.Length] == '.'
                && path.StartsWith(scope, StringComparison.Ordinal))
            {
                FieldNode? root = scope == _scope ? _open[0] : _scopes.GetValueOrDefault(scope);
                return Descend(root, path[(scope.Length + 1)..]);
            }
        }

        return null;
    }

    /// <summary>From the innermost struct outwards.</summary>
    private FieldNode? Relative(string path)
    {
        for (int i = _open.Count - 1; i >= 0; i--)
        {
            if (_open[i].Kind == NodeKind.Struct && Descend(_open[i], path) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private FieldNode? Elsewhere(string path)
    {
        foreach (string scope in ScopeNames)
        {
            if (scope != _scope && Descend(_scopes.GetValueOrDefault(scope), path) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static FieldNode? Descend(FieldNode? node, string path)
    {
        foreach (string name in path.Split('.'))
        {
            if (node is not { Kind: NodeKind.Struct })
            {
                return null;
            }

            node = node.FindChild(name);
        }

        return node;
    }

    /// <summary>Every number called <c>id</c> says which event it is; the last one read counts.</summary>
    private static void MarkEventIds(FieldNode node)
    {
        foreach (FieldNode child in node.Children)
        {
            if (child.RawName == "id" && child.Kind <= NodeKind.Enum)
            {
                child.Role = NodeRole.EventId;
            }

            MarkEventIds(child);
        }
    }

    private ClockInfo? ClockOf(FieldNode? node)
    {
        IntegerClass? number = node?.Class as IntegerClass ?? (node?.Class as EnumClass)?.Container;
        if (number?.ClockName is { } name)
        {
            return _document.Clocks.Find(clock => clock.Name == name);
        }

        foreach (FieldNode child in node?.Children ?? [])
        {
            if (ClockOf(child) is { } clock)
            {
                return clock;
            }
        }

        return null;
    }
}
