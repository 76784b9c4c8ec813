using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace RingTrace.Generators;

/// <summary>How a reader says that something is wrong.</summary>
internal delegate void Reporter(DiagnosticDescriptor rule, Location place, params string[] arguments);

/// <summary>Reads the methods of one provider class.</summary>
internal sealed class MethodReader(INamedTypeSymbol type, string provider, Reporter report)
{
    /// <summary>The payload is made on the caller's stack: so much of it an event may take.</summary>
    public const int MaximalPayload = 64 * 1024;

    private const string SpanType = "RingTrace.TraceSpan";

    private static readonly SymbolDisplayFormat TypeFormat = SymbolDisplayFormat.FullyQualifiedFormat
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

    private static AttributeData? Find(IMethodSymbol method, string name) =>
        method.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass?.ToDisplayString() == name);

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

        string name = Argument(attribute, "Name") as string ?? method.Name;
        bool isSpan = asSpan is not null;
        bool isSound = CheckShape(method, place, isBoth: isSpan && asEvent is not null)
            & CheckReturn(method, syntax, isSpan);
        List<ParameterModel> parameters = ReadParameters(method, isSpan, ref isSound);
        isSound = isSound && CheckSize(method, place, parameters) && CheckName(name, isSpan, place);

        return isSound || CanHaveBody(method)
            ? new MethodModel(
                !isSound ? BodyKind.Harmless : isSpan ? BodyKind.Span : BodyKind.Event,
                string.Join(" ", syntax.Modifiers.Select(modifier => modifier.Text)),
                method.ReturnType.ToDisplayString(TypeFormat),
                Identifier(method),
                name,
                Argument(attribute, "Level") as int? ?? 3,
                Find(method, "System.Runtime.CompilerServices.MethodImplAttribute") is null,
                new EquatableArray<ParameterModel>(parameters))
            : null;
    }

    private static object? Argument(AttributeData attribute, string name) =>
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

    private bool CheckReturn(IMethodSymbol method, MethodDeclarationSyntax syntax, bool isSpan)
    {
        bool isRight = isSpan
            ? method.ReturnType.ToDisplayString() == SpanType && method.RefKind == RefKind.None
            : method.ReturnsVoid;
        if (!isRight && method.ReturnType.TypeKind != TypeKind.Error)
        {
            report(Rules.ReturnType, syntax.ReturnType.GetLocation(), method.Name, isSpan ? "TraceSpan" : "void");
        }

        return isRight;
    }

    private List<ParameterModel> ReadParameters(IMethodSymbol method, bool isSpan, ref bool isSound)
    {
        List<ParameterModel> parameters = [];
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            ParameterSyntax? syntax =
                parameter.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() as ParameterSyntax;
            string modifiers = string.Concat(syntax?.Modifiers.Select(modifier => modifier.Text + " ") ?? []);
            FieldKind field = FieldKind.Of(parameter.Type);
            isSound &= CheckParameter(parameter, syntax, field, isSpan);
            parameters.Add(new ParameterModel(
                parameter.Name,
                modifiers,
                parameter.Type.ToDisplayString(TypeFormat),
                field,
                parameter.RefKind == RefKind.Out));
        }

        return parameters;
    }

    private bool CheckParameter(IParameterSymbol parameter, ParameterSyntax? syntax, FieldKind field, bool isSpan)
    {
        bool isSound = true;
        if (parameter.IsParams || parameter.RefKind is RefKind.Ref or RefKind.Out)
        {
            string modifier = parameter.IsParams ? "params" : parameter.RefKind == RefKind.Ref ? "ref" : "out";
            report(Rules.ParameterModifier, parameter.Locations[0], parameter.Name, modifier);
            isSound = false;
        }

        if (field == FieldKind.Unsupported)
        {
            // A type that does not exist is the compiler's to report.
            if (parameter.Type.TypeKind != TypeKind.Error)
            {
                Location place = syntax?.Type?.GetLocation() ?? parameter.Locations[0];
                report(Rules.FieldType, place, parameter.Name, parameter.Type.ToDisplayString());
            }

            isSound = false;
        }

        if (!Names.IsEvent(parameter.Name) || (isSpan && parameter.Name == "span"))
        {
            report(Rules.FieldName, parameter.Locations[0], parameter.Name);
            isSound = false;
        }

        return isSound;
    }

    private bool CheckSize(IMethodSymbol method, Location place, List<ParameterModel> parameters)
    {
        int size = parameters.Sum(parameter => parameter.Field.MaximalSize);
        if (size <= MaximalPayload)
        {
            return true;
        }

        report(Rules.TooLarge, place, method.Name, $"{size}", $"{MaximalPayload}");
        return false;
    }

    private bool CheckName(string name, bool isSpan, Location place)
    {
        string[] names = isSpan ? [name + "_begin", name + "_end"] : [name];
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
