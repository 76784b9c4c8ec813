using Microsoft.CodeAnalysis;

namespace RingTrace.Generators;

/// <summary>How a parameter gets into the record.</summary>
/// <param name="SchemaType">The member of <c>RingTrace.FieldType</c>.</param>
/// <param name="Size">Bytes in the record; 0 when the value decides.</param>
/// <param name="StoredAs">The type of the field in a packed struct; empty when it cannot stand in one.</param>
/// <param name="Cast">What makes the value one of <paramref name="StoredAs"/>; empty when it is one.</param>
internal sealed record FieldKind(string SchemaType, int Size, string StoredAs, string Cast = "")
{
    public static readonly FieldKind Unsupported = new("", 0, "");

    public static readonly FieldKind UInt64 = new("UInt64", 8, "ulong");

    public static readonly FieldKind Text = new("Text", 0, "");

    public static readonly FieldKind Blob = new("Blob", 0, "");

    public static readonly FieldKind Guid = new("Guid", 16, "");

    private const string ByteSpan = "global::System.ReadOnlySpan<byte>";
    private const string CharSpan = "global::System.ReadOnlySpan<char>";

    public bool IsVariable => this == Text || this == Blob;

    /// <summary>The span that a text or blob is read through; a null string or array becomes an empty one.</summary>
    public string SpanType => this == Text ? CharSpan : ByteSpan;

    /// <summary>The most bytes that the field takes in a record: the caps of <c>PayloadWriter</c>.</summary>
    public int MaximalSize => this == Text ? 1024 + 1 : this == Blob ? 2 * sizeof(uint) + 16 * 1024 : Size;

    public static FieldKind Of(ITypeSymbol type)
    {
        if (type is INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } underlying })
        {
            FieldKind stored = OfSpecial(underlying.SpecialType);
            return stored == Unsupported ? stored : stored with { Cast = "(" + stored.StoredAs + ")" };
        }

        return type switch
        {
            IArrayTypeSymbol { Rank: 1, IsSZArray: true, ElementType.SpecialType: SpecialType.System_Byte } => Blob,
            INamedTypeSymbol { Arity: 1, MetadataName: "ReadOnlySpan`1" } span when IsInSystem(span) =>
                span.TypeArguments[0].SpecialType switch
                {
                    SpecialType.System_Char => Text,
                    SpecialType.System_Byte => Blob,
                    _ => Unsupported,
                },
            INamedTypeSymbol { Arity: 0, MetadataName: "Guid" } guid when IsInSystem(guid) => Guid,
            _ => OfSpecial(type.SpecialType),
        };
    }

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
        SpecialType.System_Char => new("UInt16", 2, "ushort", "(ushort)"),
        SpecialType.System_Boolean => new("Bool", 1, "byte"),
        SpecialType.System_Single => new("Float", 4, "float"),
        SpecialType.System_Double => new("Double", 8, "double"),
        SpecialType.System_String => Text,
        _ => Unsupported,
    };

    private static bool IsInSystem(INamedTypeSymbol type) =>
        type.ContainingType is null
        && type.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true };

    /// <summary>The parameter's value as it stands in a record of fixed size.</summary>
    public string Stored(string value) =>
        SchemaType == "Bool" ? "(byte)(" + value + " ? 1 : 0)" : Cast + value;

    /// <summary>The call that appends the value to a <c>PayloadWriter</c>.</summary>
    public string Append(string value) => SchemaType switch
    {
        "Text" or "Blob" or "Guid" or "Bool" => SchemaType + "(" + value + ")",
        _ => "Value(" + Cast + value + ")",
    };
}
