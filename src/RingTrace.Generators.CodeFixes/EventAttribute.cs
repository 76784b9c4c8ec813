using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace RingTrace.Generators.CodeFixes;

/// <summary>The attribute of an event, by its name: the generator has seen already that it is the one.</summary>
internal static class EventAttribute
{
    public static bool IsSpan(AttributeSyntax attribute) => NameOf(attribute) is "TraceSpan" or "TraceSpanAttribute";

    public static AttributeSyntax? Of(MethodDeclarationSyntax method) => method.AttributeLists.SelectMany(list => list.Attributes)
        .FirstOrDefault(attribute => IsSpan(attribute) || NameOf(attribute) is "TraceEvent" or "TraceEventAttribute");

    private static string NameOf(AttributeSyntax attribute) => attribute.Name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };
}
