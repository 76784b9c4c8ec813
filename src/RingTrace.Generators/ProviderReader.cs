using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace RingTrace.Generators;

/// <summary>What has been read of a class with <c>[TraceProvider]</c>.</summary>
/// <param name="Model">Null when no file can hold the other half of the class.</param>
/// <param name="NameLocation">Where the provider's name stands.</param>
/// <param name="Diagnostics">What is wrong with it.</param>
internal sealed record ProviderReading(
    ProviderModel? Model, LocationInfo NameLocation, EquatableArray<DiagnosticInfo> Diagnostics);

/// <summary>Turns the symbol of a provider class into a model, and says what is wrong with it.</summary>
internal sealed class ProviderReader
{
    public const string ProviderAttribute = "RingTrace.TraceProviderAttribute";
    public const string EventAttribute = "RingTrace.TraceEventAttribute";
    public const string SpanAttribute = "RingTrace.TraceSpanAttribute";

    private static readonly SymbolDisplayFormat NamespaceFormat =
        SymbolDisplayFormat.FullyQualifiedFormat.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted);

    private readonly INamedTypeSymbol _type;
    private readonly List<DiagnosticInfo> _diagnostics = [];

    private ProviderReader(INamedTypeSymbol type) => _type = type;

    public static ProviderReading? Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        if (context.TargetSymbol is not INamedTypeSymbol type
            || context.TargetNode is not TypeDeclarationSyntax declaration
            || MethodReader.Find(type, ProviderAttribute) is not { ApplicationSyntaxReference: { } application } attribute
            || declaration.SyntaxTree != application.SyntaxTree
            || !declaration.AttributeLists.Span.Contains(application.Span))
        {
            // The attribute stands twice (CS0579): the first one counts.
            return null;
        }

        Location nameLocation = application.GetSyntax(cancellation).GetLocation();
        string name = attribute.ConstructorArguments.FirstOrDefault().Value as string ?? "";
        ProviderReader reader = new(type);
        ProviderModel? model = reader.ReadProvider(name, attribute, nameLocation, declaration, cancellation);
        return new ProviderReading(
            model, LocationInfo.From(nameLocation), new EquatableArray<DiagnosticInfo>(reader._diagnostics));
    }

    /// <summary>An event's attribute where no provider would ever see it.</summary>
    public static DiagnosticInfo? ReadStray(GeneratorAttributeSyntaxContext context) => context.TargetSymbol switch
    {
        IMethodSymbol { MethodKind: MethodKind.LocalFunction or MethodKind.LambdaMethod } inner =>
            new(Rules.MethodShape, PlaceOf(inner), inner.Name, "a method of its class"),
        IMethodSymbol method when MethodReader.Find(method.ContainingType, ProviderAttribute) is null =>
            new(Rules.OutsideProvider, PlaceOf(method), method.Name, method.ContainingType.Name),
        _ => null,
    };

    private static Location PlaceOf(ISymbol symbol) => symbol.Locations.FirstOrDefault() ?? Location.None;

    private void Report(DiagnosticDescriptor rule, Location place, params string[] arguments) =>
        _diagnostics.Add(new DiagnosticInfo(rule, place, arguments));

    private ProviderModel? ReadProvider(
        string name, AttributeData attribute, Location nameLocation, TypeDeclarationSyntax declaration, CancellationToken cancellation)
    {
        string? category = MethodReader.Argument(attribute, "Category") as string;
        Location place = declaration.Identifier.GetLocation();
        if (!CanBeExtended(place))
        {
            return null;
        }

        if (!_type.IsStatic)
        {
            Report(Rules.ProviderShape, place, _type.Name, "static");
        }

        if (!Names.IsProvider(name))
        {
            Report(Rules.ProviderName, nameLocation, name);
        }

        if (category is not null && !Names.IsProvider(category))
        {
            Report(Rules.Category, nameLocation, category);
        }

        bool isGeneric = SelfAndOuter().Any(type => type.Arity > 0);
        if (isGeneric)
        {
            Report(Rules.Generic, place, _type.Name);
        }

        bool isVisible = SelfAndOuter().All(type => type.DeclaredAccessibility
            is Accessibility.Public or Accessibility.Internal or Accessibility.ProtectedOrInternal);
        if (!isVisible)
        {
            Report(Rules.ProviderVisibility, place, _type.Name);
        }

        ISymbol? taken = _type.GetMembers("Provider").FirstOrDefault();
        if (taken is not null)
        {
            Report(Rules.ProviderMember, PlaceOf(taken), _type.Name);
        }

        INamespaceSymbol space = _type.ContainingNamespace;
        MethodModel[] methods = [.. new MethodReader(_type, name, category, Report).ReadAll(cancellation)];
        return new ProviderModel(
            space.IsGlobalNamespace ? "" : space.ToDisplayString(NamespaceFormat),
            new EquatableArray<string>(SelfAndOuter().Reverse().Select(Head)),
            _type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            HintName(),
            name,
            MethodReader.Argument(attribute, "Channel") as string,
            HasProviderProperty: taken is null,
            IsVisible: isVisible,
            IsRefused: isGeneric,
            new EquatableArray<MethodModel>(methods));
    }

    /// <summary>Whether a generated file can hold another part of the class.</summary>
    private bool CanBeExtended(Location place)
    {
        if (!IsPartial(_type))
        {
            Report(Rules.ProviderShape, place, _type.Name, _type.IsStatic ? "partial" : "static and partial");
            return false;
        }

        foreach (INamedTypeSymbol outer in SelfAndOuter().Skip(1))
        {
            if (!IsPartial(outer))
            {
                string must = "partial, because it contains the trace provider '" + _type.Name + "'";
                Report(Rules.ProviderShape, place, outer.Name, must);
                return false;
            }
        }

        if (SelfAndOuter().Any(type => type.IsFileLocal))
        {
            Report(Rules.ProviderShape, place, _type.Name, "visible outside its file");
            return false;
        }

        return true;
    }

    private static bool IsPartial(INamedTypeSymbol type) => type.DeclaringSyntaxReferences.Any(reference =>
        reference.GetSyntax() is TypeDeclarationSyntax syntax && syntax.Modifiers.Any(SyntaxKind.PartialKeyword));

    private IEnumerable<INamedTypeSymbol> SelfAndOuter()
    {
        for (INamedTypeSymbol? type = _type; type is not null; type = type.ContainingType)
        {
            yield return type;
        }
    }

    private static string Head(INamedTypeSymbol type)
    {
        string keyword = (type.IsRecord, type.TypeKind) switch
        {
            (true, TypeKind.Struct) => "record struct",
            (true, _) => "record",
            (_, TypeKind.Struct) => "struct",
            (_, TypeKind.Interface) => "interface",
            _ => "class",
        };
        return "partial " + keyword + " " + type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat
            .WithGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeParameters)
            .WithMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers));
    }

    /// <summary>The class's name, as metadata spells it: an escape is no legal part of a file's name.</summary>
    private string HintName()
    {
        IEnumerable<string> names = SelfAndOuter().Select(type => type.MetadataName);
        INamespaceSymbol space = _type.ContainingNamespace;
        while (!space.IsGlobalNamespace)
        {
            names = names.Append(space.MetadataName);
            space = space.ContainingNamespace;
        }

        return string.Join(".", names.Reverse()) + ".g.cs";
    }
}
