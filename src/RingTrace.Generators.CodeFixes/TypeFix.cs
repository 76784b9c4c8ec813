using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace RingTrace.Generators.CodeFixes;

/// <summary>
/// RT0003, RT0004 and RT0020: another type. An event returns nothing, a span one of its two types, and what cannot be
/// recorded is passed as text.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class TypeFix() : EventCodeFix<MethodDeclarationSyntax>("RT0003", "RT0004", "RT0020")
{
    private static readonly TypeSyntax Void = SyntaxFactory.PredefinedType(SyntaxFactory.Token(SyntaxKind.VoidKeyword));
    private static readonly TypeSyntax Text = SyntaxFactory.ParseTypeName("string");
    private static readonly TypeSyntax TextSpan = SyntaxFactory.ParseTypeName("global::System.ReadOnlySpan<char>");
    private static readonly TypeSyntax Span = SyntaxFactory.ParseTypeName("global::RingTrace.TraceSpan");
    private static readonly TypeSyntax TimedSpan = SyntaxFactory.ParseTypeName("global::RingTrace.TimedSpan");

    /// <inheritdoc/>
    protected override IEnumerable<(string Title, SyntaxNode Mended)> Mend(
        SyntaxNode root, MethodDeclarationSyntax node, Diagnostic diagnostic)
    {
        switch (diagnostic.Id)
        {
            case "RT0004":
                if (root.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<ParameterSyntax>()?.Type is { } type)
                {
                    TypeSyntax text = type.ToString() is "char[]" or "char[]?" or "Span<char>" ? TextSpan : Text;
                    yield return ("Pass it as text", Replace(root, type, text));
                }

                break;
            case "RT0003" when !IsSpan(node):
                yield return ("Return 'void'", Replace(root, node.ReturnType, Void));
                break;
            case "RT0003":
                yield return ("Return 'TraceSpan'", Replace(root, node.ReturnType, Span));
                goto case "RT0020";
            case "RT0020":
                yield return ("Return 'TimedSpan'", Replace(root, node.ReturnType, TimedSpan));
                break;
        }
    }

    private static SyntaxNode Replace(SyntaxNode root, TypeSyntax old, TypeSyntax type) => root.ReplaceNode(
        old, type.WithTriviaFrom(old).WithAdditionalAnnotations(Simplifier.Annotation));

    private static bool IsSpan(MethodDeclarationSyntax method) =>
        EventAttribute.Of(method) is { } attribute && EventAttribute.IsSpan(attribute);
}
