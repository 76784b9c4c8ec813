using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace RingTrace.Generators;

/// <summary>How a reader says that something is wrong.</summary>
internal delegate void Reporter(DiagnosticDescriptor rule, Location place, params string[] arguments);

/// <summary>Reads the methods of one provider class.</summary>
/// <param name="type">The class.</param>
/// <param name="provider">The provider's name.</param>
/// <param name="category">The provider's category.</param>
/// <param name="report">Where mistakes go.</param>
internal sealed class MethodReader(INamedTypeSymbol type, string provider, string? category, Reporter report)
{
    /// <summary>The payload is made on the caller's stack: so much of it an event may take.</summary>
    public const int MaximalPayload = 128 * 1024;

    /// <summary>As <c>RingTrace.TimedSpan.Room</c>.</summary>
    private const int TimedRoom = 64;

    /// <summary>The least that a text or array in a timed span is left with.</summary>
    private const int TimedShare = 8;

    private const long MaximalThreshold = 24L * 60 * 60 * 1_000_000;

    private const string SpanType = "RingTrace.TraceSpan";
    private const string TimedSpanType = "RingTrace.TimedSpan";

    public static readonly SymbolDisplayFormat TypeFormat = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public IEnumerable<MethodModel> ReadAll(CancellationToken cancellation)
    {
        foreach (IMethodSymbol method in type.GetMembers().OfType<IMethodSymbol>())
        {
            cancellation.ThrowIfCancellationRequested();
            AttributeData? asEvent = Find(method, ProviderReader.EventAttribute);
            AttributeData? asSpan = Find(method, ProviderReader.SpanAttribute);
            if ((asSpan ?? asEvent) is { } attribute && Read(method, attribute, asEvent, asSpan) is { } model)
            {
                yield return model;
            }
        }
    }

    public static AttributeData? Find(ISymbol symbol, string name) =>
        symbol.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass?.ToDisplayString() == name);

    private MethodModel? Read(
        IMethodSymbol method, AttributeData attribute, AttributeData? asEvent, AttributeData? asSpan)
    {
        Location place = method.Locations[0];
        if (method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not MethodDeclarationSyntax syntax
            || !method.IsPartialDefinition
            || method.PartialImplementationPart is not null)
        {
            bool isPartial = method.IsPartialDefinition || method.PartialDefinitionPart is not null;
            report(Rules.MethodShape, place, method.Name, isPartial ? "without a body" : "partial and without a body");
            return null;
        }

        BodyKind kind = asSpan is null ? BodyKind.Event
            : method.ReturnType.ToDisplayString() == TimedSpanType ? BodyKind.TimedSpan : BodyKind.Span;
        DocReader docs = new(syntax);
        EventModel described = new(
            Argument(attribute, "Name") as string ?? method.Name,
            Argument(attribute, "Level") as int? ?? 3,
            Argument(attribute, "Category") as string ?? category,
            docs.Summary,
            new LimitsModel(
                Argument(attribute, "ThresholdMicroseconds") as long? ?? 0,
                Argument(attribute, "MostPerSecond") as int? ?? 0,
                Argument(attribute, "OneIn") as int? ?? 0));
        bool isSound = CheckShape(method, place, isBoth: asSpan is not null && asEvent is not null)
            & CheckReturn(method, syntax, kind)
            & CheckLimits(method, place, kind, described.Limits)
            & CheckCategory(attribute, place)
            & new ParameterReader(kind, docs, report).Read(method, out List<ParameterModel> parameters);
        isSound = isSound && CheckSize(method, place, kind, parameters) && CheckName(described.Name, kind, place);

        return isSound || CanHaveBody(method)
            ? new MethodModel(
                isSound ? kind : BodyKind.Harmless,
                string.Join(" ", syntax.Modifiers.Select(modifier => modifier.Text)),
                method.ReturnType.ToDisplayString(TypeFormat),
                Identifier(method),
                described,
                Find(method, "System.Runtime.CompilerServices.MethodImplAttribute") is null,
                new EquatableArray<ParameterModel>(parameters))
            : null;
    }

    public static object? Argument(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value.Value;

    private bool CheckShape(IMethodSymbol method, Location place, bool isBoth)
    {
        if (!method.IsStatic)
        {
            report(Rules.MethodShape, place, method.Name, "static");
        }

        if (method.IsGenericMethod)
        {
            report(Rules.Generic, place, method.Name);
        }

        if (isBoth)
        {
            report(Rules.EventAndSpan, place, method.Name);
        }

        return method is { IsStatic: true, IsGenericMethod: false } && !isBoth;
    }

    private bool CheckReturn(IMethodSymbol method, MethodDeclarationSyntax syntax, BodyKind kind)
    {
        bool isRight = kind switch
        {
            BodyKind.Span => method.ReturnType.ToDisplayString() == SpanType && method.RefKind == RefKind.None,
            BodyKind.TimedSpan => method.RefKind == RefKind.None,
            _ => method.ReturnsVoid,
        };
        if (!isRight && method.ReturnType.TypeKind != TypeKind.Error)
        {
            report(
                Rules.ReturnType, syntax.ReturnType.GetLocation(), method.Name,
                kind == BodyKind.Event ? "'void'" : "'TraceSpan' or 'TimedSpan'");
        }

        return isRight;
    }

    private bool CheckLimits(IMethodSymbol method, Location place, BodyKind kind, LimitsModel limits)
    {
        string? wrong =
            limits.Threshold is < 0 or > MaximalThreshold ? "ThresholdMicroseconds must be 0 to 86400000000, a day"
            : limits.MostPerSecond < 0 ? "MostPerSecond must not be negative"
            : limits.OneIn < 0 ? "OneIn must not be negative"
            : null;
        if (wrong is not null)
        {
            report(Rules.Limit, place, method.Name, wrong);
        }
        else if (limits.Threshold > 0 && kind == BodyKind.Span)
        {
            report(Rules.ThresholdOfTwo, place, method.Name);
            return false;
        }

        return wrong is null;
    }

    private bool CheckCategory(AttributeData attribute, Location place)
    {
        if (Argument(attribute, "Category") is not string own || Names.IsProvider(own))
        {
            return true;
        }

        report(Rules.Category, place, own);
        return false;
    }

    private bool CheckSize(IMethodSymbol method, Location place, BodyKind kind, List<ParameterModel> parameters)
    {
        if (kind == BodyKind.TimedSpan)
        {
            int least = parameters.Sum(parameter =>
                parameter.Field.FixedSize + parameter.Field.Overhead + Math.Min(TimedShare, parameter.Cap));
            if (least > TimedRoom)
            {
                report(Rules.TimedTooLarge, place, method.Name, $"{least}", $"{TimedRoom}");
            }

            return least <= TimedRoom;
        }

        int size = parameters.Sum(parameter => parameter.MaximalSize);
        if (size > MaximalPayload)
        {
            report(Rules.TooLarge, place, method.Name, $"{size}", $"{MaximalPayload}");
        }

        return size <= MaximalPayload;
    }

    private bool CheckName(string name, BodyKind kind, Location place)
    {
        string[] names = kind == BodyKind.Span ? [name + "_begin", name + "_end"] : [name];
        if (!names.All(Names.IsEvent))
        {
            report(Rules.EventName, place, name);
            return false;
        }

        if (names.FirstOrDefault(_taken.Contains) is { } taken)
        {
            report(Rules.DuplicateEvent, place, provider, taken);
            return false;
        }

        _taken.UnionWith(names);
        return true;
    }

    /// <summary>Whether a body can be written that the compiler takes, though the method records nothing.</summary>
    private static bool CanHaveBody(IMethodSymbol method) =>
        method.RefKind == RefKind.None
        && method.TypeParameters.All(parameter => parameter is
        {
            ConstraintTypes.Length: 0,
            HasReferenceTypeConstraint: false,
            HasValueTypeConstraint: false,
            HasUnmanagedTypeConstraint: false,
            HasNotNullConstraint: false,
            HasConstructorConstraint: false,
            AllowsRefLikeType: false,
        })
        && method.Parameters.Select(parameter => parameter.Type).Append(method.ReturnType)
            .All(used => used.TypeKind is not (TypeKind.Error or TypeKind.Pointer or TypeKind.FunctionPointer));

    private static string Identifier(IMethodSymbol method)
    {
        string name = Code.Identifier(method.Name);
        IEnumerable<string> types = method.TypeParameters.Select(parameter => Code.Identifier(parameter.Name));
        return method.IsGenericMethod ? name + "<" + string.Join(", ", types) + ">" : name;
    }
}
