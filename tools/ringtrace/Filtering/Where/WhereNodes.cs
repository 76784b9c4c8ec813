using RingTrace.Formats;

namespace RingTrace.Tool.Filtering;

/// <summary>A part of an expression as it was written.</summary>
internal abstract record WhereNode
{
    /// <summary>Makes it ready for the events of a class: what is the same for all of them is decided now.</summary>
    public abstract Test Bind(EventClass item, TraceWindow window);
}

/// <summary><c>a &amp;&amp; b &amp;&amp; ...</c>, or <c>a || b || ...</c>.</summary>
internal sealed record ListNode(IReadOnlyList<WhereNode> Parts, bool All) : WhereNode
{
    public override Test Bind(EventClass item, TraceWindow window)
    {
        Test decides = Test.Of(!All);
        Test[] open = [.. Parts.Select(part => part.Bind(item, window)).Where(test => test != Test.Of(All))];
        return open.Contains(decides) ? decides : open switch
        {
            [] => Test.Of(All),
            [Test only] => only,
            _ => new ListTest(open, All),
        };
    }
}

internal sealed record NotNode(WhereNode Part) : WhereNode
{
    public override Test Bind(EventClass item, TraceWindow window)
    {
        Test test = Part.Bind(item, window);
        return test == Test.True ? Test.False : test == Test.False ? Test.True : new NotTest(test);
    }
}

/// <summary>A value alone.</summary>
internal sealed record FlagNode(Operand Value) : WhereNode
{
    public override Test Bind(EventClass item, TraceWindow window) => Value.Bind(item, window) switch
    {
        null => Test.False,
        Literal literal => Test.Of(FlagTest.IsTrue(literal.Value)),
        Source source => new FlagTest(source),
    };
}

/// <summary>A comparison is false where one side is missing.</summary>
internal sealed record ComparisonNode(Operand Left, string Symbol, Operand Right) : WhereNode
{
    public override Test Bind(EventClass item, TraceWindow window) =>
        (Left.Bind(item, window), Right.Bind(item, window)) switch
        {
            (null, _) or (_, null) => Test.False,
            (Literal left, Literal right) => Test.Of(ComparisonTest.Holds(left.Value, Symbol, right.Value)),
            ({ } left, { } right) => new ComparisonTest(left, Symbol, right),
        };
}

/// <summary>A side of a comparison.</summary>
internal abstract record Operand
{
    /// <returns>Null when events of the class do not have it.</returns>
    public abstract Source? Bind(EventClass item, TraceWindow window);
}

internal sealed record LiteralOperand(Literal Value) : Operand
{
    public override Source Bind(EventClass item, TraceWindow window) => Value;
}

/// <summary>A time that only the trace can place.</summary>
internal sealed record TimeOperand(TimePoint Time) : Operand
{
    public override Source Bind(EventClass item, TraceWindow window) => Literal.Of((Int128)Time.Resolve(window));
}

internal sealed record FieldOperand(string Name) : Operand
{
    public override Source? Bind(EventClass item, TraceWindow window) =>
        item.IndexOf(Name) is >= 0 and int ordinal ? new FieldSource(ordinal, item.Fields[ordinal].Declared) : null;
}

/// <summary>What every event has, or every class.</summary>
internal sealed record HeadOperand(string Name) : Operand
{
    public const string Thread = "tid";
    public const string Cpu = "cpu";
    public const string Time = "time";
    public const string EventName = "name";
    public const string Category = "category";
    public const string Level = "level";

    public static readonly string[] Names = [Thread, Cpu, Time, EventName, Category, Level];

    public override Source? Bind(EventClass item, TraceWindow window) => Name switch
    {
        Thread => new HeadSource(HeadSource.Part.ThreadId),
        Cpu => new HeadSource(HeadSource.Part.Cpu),
        Time => new HeadSource(HeadSource.Part.Time),
        EventName => Literal.Of(item.Name),
        Category => item.Category is { } category ? Literal.Of(category) : null,
        _ => item.Level is { } level ? Importance(level) : null,
    };

    /// <summary>The more important, the greater: <c>level >= 'warning'</c> leaves out what matters less.</summary>
    public static Literal Importance(TraceLevel level) => Literal.Of(-(Int128)(int)level);
}
