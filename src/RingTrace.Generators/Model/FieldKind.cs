using Microsoft.CodeAnalysis;

namespace RingTrace.Generators;

/// <summary>How many values a field holds; the members of <c>RingTrace.FieldShape</c>.</summary>
internal enum Shape
{
    Single,
    Nullable,
    Array,
}

/// <summary>How a parameter gets into the record.</summary>
/// <param name="SchemaType">The member of <c>RingTrace.FieldType</c>.</param>
/// <param name="Size">Bytes of one value in the record; 0 when the value decides.</param>
/// <param name="StoredAs">The type of one value in a packed struct; empty when it cannot stand in one.</param>
/// <param name="Form">What makes the value one of <paramref name="StoredAs"/>; <c>{0}</c> is the value.</param>
internal sealed record FieldKind(string SchemaType, int Size, string StoredAs, string Form = "{0}")
{
    public static readonly FieldKind Unsupported = new("", 0, "");

    public static readonly FieldKind UInt64 = new("UInt64", 8, "ulong");

    private const string RingTrace = "global::RingTrace.";

    private static readonly FieldKind Text = new("Text", 0, "char");

    private static readonly FieldKind Blob = new("Blob", 1, "byte") { Shape = Shape.Array };

    private static readonly FieldKind Address = new("IPAddress", 0, "");

    /// <summary>How many values.</summary>
    public Shape Shape { get; init; }

    /// <summary>The names of the values; null when it is no enum.</summary>
    public EnumModel? Enum { get; init; }

    private bool IsText => SchemaType == "Text";

    /// <summary>Whether the value decides the size, up to a cap.</summary>
    public bool IsVariable => IsText || Shape == Shape.Array;

    /// <summary>Whether it can stand in a packed struct.</summary>
    public bool IsFixed => Shape == Shape.Single && Size > 0;

    /// <summary>What of a field of variable size is there in any case: the NUL, or the two lengths.</summary>
    public int Overhead => IsText ? 1 : Shape == Shape.Array ? 8 : 0;

    /// <summary>The caps of <c>PayloadWriter</c>.</summary>
    public int DefaultCap => IsText ? 1024 : IsVariable ? 16 * 1024 : 0;

    /// <summary>The most bytes that a field without a cap takes in a record.</summary>
    public int FixedSize => IsVariable ? 0 : this == Address ? 1 + 16 : Shape == Shape.Nullable ? 1 + Size : Size;

    /// <summary>The span that a text or array is read through; a null one becomes an empty one.</summary>
    public string SpanType => "global::System.ReadOnlySpan<" + StoredAs + ">";

    /// <summary>The method of <c>PayloadWriter</c> that says how much room to make.</summary>
    public string SizeMethod => IsText ? "TextSize" : "ArraySize<" + StoredAs + ">";

    /// <summary>The member of <c>FieldShape</c>; empty where it is the default. A blob's is in its type.</summary>
    public string SchemaShape => Shape == Shape.Single || SchemaType == "Blob" ? "" : Shape.ToString();

    public static FieldKind Of(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { Rank: 1, IsSZArray: true } array => ArrayOf(array.ElementType),
        INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable =>
            OfValue(nullable.TypeArguments[0]) is { IsFixed: true } inner ? inner with { Shape = Shape.Nullable } : Unsupported,
        INamedTypeSymbol { Arity: 1, MetadataName: "ReadOnlySpan`1" or "Span`1" } span when IsIn(span, "System") =>
            SpanOf(span),
        _ => OfValue(type),
    };

    private static FieldKind SpanOf(INamedTypeSymbol span) =>
        span is { MetadataName: "ReadOnlySpan`1" } && span.TypeArguments[0].SpecialType == SpecialType.System_Char
            ? Text
            : ArrayOf(span.TypeArguments[0]);

    /// <summary>Of numbers alone: each element lies in the record as it lies in memory.</summary>
    private static FieldKind ArrayOf(ITypeSymbol element) => element.SpecialType switch
    {
        SpecialType.System_Byte => Blob,
        SpecialType.System_Char or SpecialType.System_Boolean or SpecialType.System_String => Unsupported,
        _ => OfSpecial(element.SpecialType) is { IsFixed: true } inner ? inner with { Shape = Shape.Array } : Unsupported,
    };

    private static FieldKind OfValue(ITypeSymbol type) => type switch
    {
        INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } underlying } named =>
            OfSpecial(underlying.SpecialType) is { IsFixed: true } stored
                ? stored with { Form = "(" + stored.StoredAs + "){0}", Enum = EnumModel.Of(named) }
                : Unsupported,
        INamedTypeSymbol { Arity: 0 } named when IsIn(named, "System") => OfSystem(named),
        INamedTypeSymbol { Arity: 0, MetadataName: "IPAddress" } address when IsIn(address, "System", "Net") => Address,
        _ => Unsupported,
    };

    private static FieldKind OfSystem(INamedTypeSymbol type) => type.MetadataName switch
    {
        "Guid" => new("Guid", 16, RingTrace + "StoredGuid", "new " + RingTrace + "StoredGuid({0})"),
        "DateTimeOffset" => new(
            "DateTimeOffset", 10, RingTrace + "StoredDateTimeOffset", "new " + RingTrace + "StoredDateTimeOffset({0})"),
        "TimeSpan" => new("TimeSpan", 8, "long", "{0}.Ticks"),
        _ => OfSpecial(type.SpecialType),
    };

    private static FieldKind OfSpecial(SpecialType type) => type switch
    {
        SpecialType.System_SByte => new("Int8", 1, "sbyte"),
        SpecialType.System_Byte => new("UInt8", 1, "byte"),
        SpecialType.System_Int16 => new("Int16", 2, "short"),
        SpecialType.System_UInt16 => new("UInt16", 2, "ushort"),
        SpecialType.System_Int32 => new("Int32", 4, "int"),
        SpecialType.System_UInt32 => new("UInt32", 4, "uint"),
        SpecialType.System_Int64 => new("Int64", 8, "long"),
        SpecialType.System_UInt64 => UInt64,
        SpecialType.System_Char => new("Char", 2, "ushort", "(ushort){0}"),
        SpecialType.System_Boolean => new("Bool", 1, "byte", "(byte)({0} ? 1 : 0)"),
        SpecialType.System_Single => new("Float", 4, "float"),
        SpecialType.System_Double => new("Double", 8, "double"),
        SpecialType.System_DateTime =>
            new("DateTime", 9, RingTrace + "StoredDateTime", "new " + RingTrace + "StoredDateTime({0})"),
        SpecialType.System_String => Text,
        _ => Unsupported,
    };

    private static bool IsIn(INamedTypeSymbol type, params string[] spaces)
    {
        INamespaceSymbol space = type.ContainingNamespace;
        for (int i = spaces.Length - 1; i >= 0; i--)
        {
            if (space.IsGlobalNamespace || space.Name != spaces[i])
            {
                return false;
            }

            space = space.ContainingNamespace;
        }

        return type.ContainingType is null && space.IsGlobalNamespace;
    }

    /// <summary>The parameter's value as it stands in a record.</summary>
    public string Stored(string value) => Form.Replace("{0}", value);

    /// <summary>The call that appends the value to a <c>PayloadWriter</c>.</summary>
    /// <param name="value">The parameter, or the span over it.</param>
    /// <param name="cap">What stands behind the value in the call for one of variable size: empty, or a comma and the cap.</param>
    public string Append(string value, string cap) => (Shape, SchemaType) switch
    {
        (_, "Text") => "Text(" + value + cap + ")",
        (_, "IPAddress") => "Address(" + value + ")",
        (Shape.Array, _) => "Array(" + value + cap + ")",
        (Shape.Nullable, _) => "Nullable(" + value + ".HasValue, " + Stored(value + ".GetValueOrDefault()") + ")",
        _ => "Value(" + Stored(value) + ")",
    };
}
